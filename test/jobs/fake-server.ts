import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedBy } from '../../src/closable.ts';
import type { Job, JobEvent } from '../../src/jobs/job.ts';
import type {
  ExperimentInfo,
  ImportedRecipe,
  ModelDescription,
  NamedPicture,
  Problem,
  Upload,
} from '../../src/server/api-types.ts';
import { createServer, type Running, type ServerOptions } from '../../src/server/serve.ts';
import { fromSources } from './fake-compute.ts';
import { fakeExperiments } from './fake-experiments.ts';

export const fakeServeOptions = (stateDir: string): ServerOptions => ({
  experiments: fakeExperiments,
  environment: { module: new URL('./fake-environment.ts', import.meta.url).href, settings: {} },
  stateDir,
  port: 0,
  graceMs: 0,
  execArgv: fromSources,
});

/** Whatever the server may answer: a test knows what it has asked for. */
export type Answer = Job &
  Problem &
  ImportedRecipe & {
    experiments: ExperimentInfo[];
    models: ModelDescription[];
    pictures: NamedPicture[];
    uploads: Upload[];
    jobs: Job[];
    next: string;
  };

export const answerOf = async (response: Response): Promise<Answer> => (await response.json()) as Answer;

export interface FakeServer extends Running {
  readonly stateDir: string;
  get(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  submit(experiment: string, params?: Record<string, unknown>): Promise<Job>;
  /** The events of a job to its end. */
  events(id: string, headers?: Record<string, string>): Promise<JobEvent[]>;
  upload(bytes: Uint8Array<ArrayBuffer>, name?: string, path?: string): Promise<Response>;
}

/** A server with the fake experiments, on a free port, with a state of its own unless one is given. */
export async function startFake(options: Partial<ServerOptions> = {}): Promise<FakeServer> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), 'campanile-server-')));
  const running = await createServer({ ...fakeServeOptions(stateDir), ...options });
  const get = (path: string, init: RequestInit = {}) => fetch(running.url + path, init);
  const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
    get(path, {
      method: 'POST',
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return {
    ...running,
    stateDir,
    get,
    post,
    async submit(experiment, params = {}) {
      const response = await post('/v1/jobs', { experiment, params });
      if (!response.ok) throw new Error(await response.text());
      return answerOf(response);
    },
    events: async (id, headers = {}) =>
      parseEvents(await (await get(`/v1/jobs/${id}/events`, { headers })).text()),
    upload(bytes, name = 'picture.png', path = '/v1/uploads') {
      const form = new FormData();
      form.append('file', new Blob([bytes]), name);
      return get(path, { method: 'POST', body: form });
    },
    ...closedBy(async () => {
      await running.close();
      if (!options.stateDir) await rm(stateDir, { recursive: true, force: true, maxRetries: 3 });
    }),
  };
}

/** The data of the frames of an event stream that carry an id. */
export const parseEvents = (text: string): JobEvent[] =>
  text
    .split('\n\n')
    .filter((frame) => frame.startsWith('id: '))
    .map((frame) => {
      const data = frame.split('\n').find((line) => line.startsWith('data: '));
      return JSON.parse(data!.slice('data: '.length));
    });
