import type {
  ExperimentInfo,
  ImportedRecipe,
  Job,
  JobRequest,
  JobState,
  ModelDescription,
  NamedPicture,
  Problem,
  Upload,
} from '../src/server/api-types.ts';

/** What the server refused, in its own words (RFC 9457). */
export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** Nobody answers: no server, or no network. */
export class OfflineError extends Error {
  constructor() {
    super('The server does not answer.');
  }
}

async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, { credentials: 'same-origin', ...init }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new OfflineError();
  });
  if (response.ok) return response;
  throw new ApiError(await problemOf(response));
}

async function problemOf(response: Response): Promise<Problem> {
  const { status, statusText } = response;
  const unknown = {
    type: 'about:blank',
    title: statusText,
    status,
    code: 'unknown',
    detail: `The server answered ${status} ${statusText}.`,
  };
  const told = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return { ...unknown, ...told };
}

const get = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  (await request(path, { signal })).json() as Promise<T>;

const post = async <T>(path: string, body?: unknown): Promise<T> => {
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  return (await request(path, { method: 'POST', ...json })).json() as Promise<T>;
};

const form = (...files: Blob[]): FormData => {
  const data = new FormData();
  for (const file of files) data.append('file', file, file instanceof File ? file.name : 'picture.png');
  return data;
};

export interface JobPage {
  readonly jobs: readonly Job[];
  readonly next?: string;
}

export interface JobQuery {
  readonly state?: JobState | undefined;
  readonly experiment?: string | undefined;
  readonly before?: string | undefined;
  readonly limit?: number;
}

const queryString = (values: object): string =>
  new URLSearchParams(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString();

/** The server's routes, as docs/server.md has them. */
export const api = {
  experiments: async () =>
    (await get<{ experiments: readonly ExperimentInfo[] }>('/v1/experiments')).experiments,
  models: async () => (await get<{ models: readonly ModelDescription[] }>('/v1/models')).models,
  pictures: async () => (await get<{ pictures: readonly NamedPicture[] }>('/v1/pictures')).pictures,

  job: (id: string, signal?: AbortSignal) => get<Job>(`/v1/jobs/${id}`, signal),
  jobs: (query: JobQuery = {}, signal?: AbortSignal) =>
    get<JobPage>(`/v1/jobs?${queryString({ limit: 50, ...query })}`, signal),
  submit: async (body: JobRequest): Promise<{ job: Job; known: boolean }> => {
    const response = await request('/v1/jobs', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { job: (await response.json()) as Job, known: response.status === 200 };
  },
  cancel: (id: string) => post<Job>(`/v1/jobs/${id}/cancel`),

  /** The events of one job so far, and then live; read it as text. */
  replay: (id: string, since: number, signal: AbortSignal) =>
    request(`/v1/jobs/${id}/events?since=${since}`, { signal, headers: { accept: 'text/event-stream' } }),

  upload: async (...files: Blob[]): Promise<readonly Upload[]> => {
    const response = await request('/v1/uploads', { method: 'POST', body: form(...files) });
    return ((await response.json()) as { uploads: readonly Upload[] }).uploads;
  },
  importRecipe: async (png: Blob): Promise<ImportedRecipe> =>
    (
      await request('/v1/recipes/import', { method: 'POST', body: form(png) })
    ).json() as Promise<ImportedRecipe>,
};

/** The picture behind a reference: a built-in one by name, or `object:<sha256>`. */
export const pictureUrl = (
  reference: string,
  named: readonly NamedPicture[],
  kind: 'picture' | 'mask' = 'picture',
): string | undefined =>
  /^object:[0-9a-f]{64}$/.test(reference)
    ? `/v1/objects/${reference.slice('object:'.length)}`
    : named.find((picture) => picture.reference === reference && picture.kind === kind)?.url;

/** Why a job is not shown, for people. */
export const whyNoJob = (error: unknown): string =>
  error instanceof ApiError && error.problem.status === 404
    ? 'This job is not known to the server any more.'
    : error instanceof Error
      ? error.message
      : String(error);
