import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, vi } from 'vitest';
import { pictureBook, runExperiment } from '../../src/experiments/index.ts';
import type { Job, Recipe } from '../../src/jobs/job.ts';
import { partStore } from '../../src/jobs/part-store.ts';
import { published } from '../../src/jobs/publish.ts';
import { FolderStore } from '../../src/jobs/store.ts';
import { fakeExperiments, fakeModels } from './fake-experiments.ts';
import { parseEvents } from './fake-server.ts';
import { startProcess, type TestProcess } from './processes.ts';
import type { WorkerProcessOptions } from './worker-process.ts';

/** A folder and processes that go with each test of the file that imports this. */

// Each test starts whole processes from the sources: seconds each, more on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

export let folder: string;
export let processes: TestProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'campanile-faults-'));
  processes = [];
  return async () => {
    for (const process of processes) process.kill('SIGKILL');
    await Promise.all(processes.map((process) => process.ended));
    rmSync(folder, { recursive: true, force: true });
  };
});

export function startWorker(options: WorkerProcessOptions): TestProcess {
  const started = startProcess('./worker-process.ts', options);
  processes.push(started);
  return started;
}

export async function startServer(options: object = {}) {
  const started = startProcess('./server-process.ts', { stateDir: folder, ...options });
  processes.push(started);
  const url = await started.told('url');
  const job = async (id: string) => (await (await fetch(`${url}/v1/jobs/${id}`)).json()) as Job;
  const submit = async (params: object, experiment = 'fake-drawing') => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ experiment, params });
    return (await (await fetch(`${url}/v1/jobs`, { method: 'POST', headers, body })).json()) as Job;
  };
  const events = async (id: string, since = 0) =>
    parseEvents(
      await (await fetch(`${url}/v1/jobs/${id}/events`, { headers: { 'last-event-id': `${since}` } })).text(),
    );
  /** Reads events until one of that type has come, and goes away. */
  const heard = async (id: string, type: string, label = '') => {
    const response = await fetch(`${url}/v1/jobs/${id}/events`);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes(`event: ${type}`) || !text.includes(label)) {
      const { done, value } = await reader.read();
      if (done) throw new Error(`the stream ended without "${type}": ${text}`);
      text += value;
    }
    await reader.cancel();
    return parseEvents(text.slice(0, text.lastIndexOf('\n\n') + 2));
  };
  return { ...started, url, job, submit, events, heard };
}

/** The same recipe in an undisturbed place: what its figures must be. */
export async function undisturbed(recipe: Recipe): Promise<string[]> {
  const place = mkdtempSync(join(tmpdir(), 'campanile-faults-'));
  const experiment = fakeExperiments.find(({ id }) => id === recipe.experiment)!;
  const context = { ...fakeModels, ...pictureBook() };
  const store = await FolderStore.open(place);
  const figures = partStore(store);
  const run = runExperiment(experiment, recipe.params, context, { store: figures });
  const told = published(run, [], figures, store);
  const objects: string[] = [];
  for await (const event of told) if (event.type === 'figure') objects.push(event.figure.object);
  rmSync(place, { recursive: true, force: true });
  return objects;
}

/** A disk of three megabytes, which goes with the test; undefined where it cannot be had. */
export function smallDisk(): string | undefined {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk], { stdio: 'ignore' });
    return disk;
  } catch {
    console.warn('skipped: a small disk can only be mounted by root');
    return undefined;
  }
}

export const manifestsOf = (id: string, place = folder) =>
  readdirSync(join(place, 'manifests')).filter((name) => name === `${id}.json`);
