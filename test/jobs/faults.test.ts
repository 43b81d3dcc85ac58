import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { pictureBook, runExperiment } from '../../src/experiments/index.ts';
import { BullmqQueue } from '../../src/jobs/bullmq-queue.ts';
import { FileQueue } from '../../src/jobs/file-queue.ts';
import { handlerOf } from '../../src/jobs/handler.ts';
import type { Job, Recipe } from '../../src/jobs/job.ts';
import { partStore } from '../../src/jobs/part-store.ts';
import { published } from '../../src/jobs/publish.ts';
import type { JobQueue } from '../../src/jobs/queue.ts';
import { FolderStore } from '../../src/jobs/store.ts';
import { ComputePool } from '../../src/jobs/worker.ts';
import { type EngineServer, redisProgram, startRedis } from './engines.ts';
import { fakeCompute } from './fake-compute.ts';
import { fakeExperiments, fakeModels } from './fake-experiments.ts';
import { answerOf, parseEvents, startFake } from './fake-server.ts';
import { startProcess, type TestProcess } from './processes.ts';
import { DONE, ended, eventsOf, newId, recipeOf, until, untilInterrupted } from './queue-contract.ts';
import type { WorkerProcessOptions } from './worker-process.ts';

/** What goes wrong in a machine room, on purpose. F1 to F14; those that need no process of their own are in the contract. */

// Each test starts whole processes from the sources: seconds each, more on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

let folder: string;
let processes: TestProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'campanile-faults-'));
  processes = [];
  return async () => {
    for (const process of processes) process.kill('SIGKILL');
    await Promise.all(processes.map((process) => process.ended));
    rmSync(folder, { recursive: true, force: true });
  };
});

function startWorker(options: WorkerProcessOptions): TestProcess {
  const started = startProcess('./worker-process.ts', options);
  processes.push(started);
  return started;
}

async function startServer(options: object = {}) {
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
async function undisturbed(recipe: Recipe): Promise<string[]> {
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
function smallDisk(): string | undefined {
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

const manifestsOf = (id: string, place = folder) =>
  readdirSync(join(place, 'manifests')).filter((name) => name === `${id}.json`);

describe('files', () => {
  test('F2: a server killed in the middle of a job goes on with it when it is started again', async () => {
    const params = { prompts: ['one', 'two'], steps: 30, ms: 20 };
    const first = await startServer();
    const { id } = await first.submit(params);
    const before = await first.heard(id, 'step', '"label":"two"');
    first.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');

    const second = await startServer();
    const seen = before.at(-1)!.seq;
    const after = await second.events(id, seen);
    expect(after.at(-1)).toMatchObject({ type: 'done', attempt: 2 });
    expect(after.every((e) => e.seq > seen)).toBe(true);
    expect(after.find((e) => e.type === 'queued')).toMatchObject({ reason: expect.stringContaining('gone') });
    // The first part was finished before: only the second is computed again.
    expect(new Set(after.flatMap((e) => (e.type === 'step' ? [e.label] : [])))).toEqual(new Set(['two']));
    const { recipe, figures } = await second.job(id);
    expect(figures.map(({ object }) => object)).toEqual(await undisturbed(recipe));
  });

  test.each(['before-manifest', 'after-manifest'] as const)(
    'F3: a worker killed %s leaves no half result',
    async (fault) => {
      const id = newId();
      const queue = await FileQueue.open(folder);
      await queue.submit(id, { experiment: 'fake-drawing', params: { prompts: ['x'] } });
      await queue.close();
      const worker = startWorker({ stateDir: folder, fault });
      expect(await worker.ended).toBe('SIGKILL');
      expect(manifestsOf(id)).toHaveLength(fault === 'after-manifest' ? 1 : 0);

      await using reopened = await FileQueue.open(folder);
      const stop = new AbortController();
      const computed = { run: async () => {} };
      const working = reopened.work(handlerOf(computed, await FolderStore.open(folder)), {
        signal: stop.signal,
      });
      const end = (await eventsOf(reopened, id)).at(-1);
      expect(end).toMatchObject({ type: 'done', cached: fault === 'after-manifest', attempt: 2 });
      expect(manifestsOf(id)).toHaveLength(1);
      stop.abort();
      await working;
    },
  );

  test('F6: a full disk refuses new jobs in words, keeps the old ones, and takes new ones when there is room', async ({
    skip,
  }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip();
    try {
      const server = await startFake({
        stateDir: join(disk, 'state'),
        limits: { queued: 100_000 },
        workers: 0,
      });
      const accepted: string[] = [];
      const submit = (i: number) =>
        server.post('/v1/jobs', { experiment: 'fake-drawing', params: { prompts: [`${i}`] } });
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(1 << 20));
      let refused: Response | undefined;
      for (let i = 0; !refused; i++) {
        const response = await submit(i);
        if (response.ok) accepted.push((await answerOf(response)).id);
        else refused = response;
      }
      expect([refused.status, (await answerOf(refused)).code]).toEqual([507, 'disk-full']);
      expect(refused.headers.get('retry-after')).toBeTruthy();
      for (const id of accepted) expect((await server.get(`/v1/jobs/${id}`)).status).toBe(200);
      await server.close();

      await using reopened = await FileQueue.open(join(disk, 'state'));
      for (const id of accepted) expect((await reopened.get(id))?.state).toBe('queued');
      expect((await reopened.depth()).queued).toBe(accepted.length);
      rmSync(join(disk, 'ballast'));
      expect((await reopened.submit(newId(), recipeOf('room'))).created).toBe(true);
      const left = readdirSync(join(disk, 'state', 'jobs')).filter((name) => name.endsWith('.tmp'));
      expect(left).toEqual([]);
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });

  test('F6: a job whose figures find no room waits, and is done when there is some', async ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip();
    try {
      const server = await startServer({ stateDir: join(folder, 'state'), store: join(disk, 'objects') });
      const fill = () => {
        for (let i = 0; ; i++) writeFileSync(join(disk, `ballast${i}`), Buffer.alloc(1 << 12));
      };
      expect(fill).toThrow('ENOSPC');
      const { id } = await server.submit({ prompts: ['no room'] });
      const events = await server.heard(id, 'queued\ndata: {"seq":3');
      expect(events.at(-1)).toMatchObject({
        type: 'queued',
        reason: expect.stringContaining('the disk is full'),
      });
      for (const name of readdirSync(disk)) if (name.startsWith('ballast')) rmSync(join(disk, name));
      expect((await server.events(id)).at(-1)).toMatchObject({ type: 'done' });
      server.kill('SIGTERM');
      await server.ended;
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });

  test('F7: a recipe sent a hundred times by three clients runs once', async () => {
    await using server = await startFake({ stateDir: folder });
    const client = async (count: number) =>
      Promise.all(
        Array.from({ length: count }, () => server.submit('fake-drawing', { prompts: ['popular'] })),
      );
    const jobs = (await Promise.all([client(34), client(33), client(33)])).flat();
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(1);
    const events = await server.events(jobs[0]!.id);
    expect(events.filter((e) => e.type === 'started')).toHaveLength(1);
  });

  test('F10: SIGTERM in a run gives the job back and ends with 0; a second one ends at once with 130', async () => {
    const first = await startServer({ graceMs: 0 });
    const { id } = await first.submit({ prompts: ['x'], steps: 10_000, ms: 20 });
    await first.heard(id, 'step');
    first.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    const kept = JSON.parse(readFileSync(join(folder, 'jobs', `${id}.json`), 'utf8'));
    expect(kept.job).toMatchObject({ state: 'queued', attempt: 1 });
    expect(kept.losses).toBe(0);

    const second = await startServer({ graceMs: 600_000 });
    await second.heard(id, 'step');
    second.kill('SIGTERM');
    await vi.waitFor(() => expect(fetch(`${second.url}/healthz`)).rejects.toThrow(), { timeout: 20_000 });
    second.kill('SIGTERM');
    expect(await second.ended).toBe(130);
  });

  test('F13: a second server on the same folder is refused, naming the first; a dead owner is not in the way', async () => {
    const server = await startServer();
    await expect(FileQueue.open(folder)).rejects.toMatchObject({
      code: 'owned',
      message: expect.stringContaining(`process ${server.pid}`),
    });
    server.kill('SIGKILL');
    await server.ended;
    const [a, b] = await Promise.allSettled([FileQueue.open(folder), FileQueue.open(folder)]);
    expect([a, b].filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const opened of [a, b]) if (opened.status === 'fulfilled') await opened.value.close();
  });

  test('F14: ten thousand waiting jobs are there again after a start', async () => {
    const jobs = join(folder, 'jobs');
    mkdirSync(jobs);
    const ids = Array.from({ length: 10_000 }, newId);
    for (const [i, id] of ids.entries()) {
      const job = {
        id,
        recipe: recipeOf(id),
        state: 'queued',
        attempt: 0,
        createdAt: '',
        progress: { done: 0, total: 0 },
        figures: [],
      };
      writeFileSync(join(jobs, `${id}.json`), JSON.stringify({ job, order: i + 1, losses: 0 }));
    }
    const began = performance.now();
    await using queue = await FileQueue.open(folder);
    console.info(`F14: 10 000 jobs in ${Math.round(performance.now() - began)} ms`);
    expect(await queue.depth()).toEqual({ queued: 10_000, running: 0 });
    const stop = new AbortController();
    const ran: string[] = [];
    const working = queue.work(
      async ({ job }) => {
        ran.push(job.id);
        if (ran.length === 3) stop.abort();
        return DONE;
      },
      { signal: stop.signal },
    );
    await working;
    expect(ran).toEqual(ids.slice(0, 3));
  });
});

describe('F12: a clock that jumps', () => {
  afterEach(() => vi.useRealTimers());
  const jump = async (queue: JobQueue, hours: number) => {
    const [id, next] = [newId(), newId()];
    await queue.submit(id, recipeOf('before'));
    const stop = new AbortController();
    const running: string[] = [];
    const working = queue.work(
      async ({ job, emit }) => {
        running.push(job.id);
        await emit({ type: 'started', progress: { done: 0, total: 1 } });
        if (job.id === id) vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * 3_600_000 });
        await emit({ type: 'warning', message: 'later' });
        return DONE;
      },
      { signal: stop.signal },
    );
    expect(await ended(queue, id)).toMatchObject({ state: 'done', attempt: 1 });
    await queue.submit(next, recipeOf('after'));
    expect(await ended(queue, next)).toMatchObject({ state: 'done', attempt: 1 });
    expect(running).toEqual([id, next]);
    expect((await queue.list({ limit: 2 })).jobs.map((job) => job.id)).toEqual([next, id]);
    stop.abort();
    await working;
  };

  test.each([1, -1])('by %i h loses no job and runs none twice (files)', async (hours) => {
    await using queue = await FileQueue.open(folder);
    await jump(queue, hours);
  });

  test.skipIf(!redisProgram).each([1, -1])(
    'by %i h loses no job and runs none twice (BullMQ on Redis)',
    async (hours) => {
      const server = await startRedis();
      const queue = await BullmqQueue.open(server.url, { lockMs: 2000, stalledMs: 500 });
      await jump(queue, hours);
      await queue.close();
      await server.stop();
    },
  );
});

describe.skipIf(!redisProgram)('BullMQ on Redis', () => {
  let redis: EngineServer;
  let queue: BullmqQueue;
  let name: string;
  let shared: string;
  let pool: ComputePool;
  beforeAll(async () => {
    redis = await startRedis();
    shared = mkdtempSync(join(tmpdir(), 'campanile-faults-'));
    pool = await ComputePool.open(fakeCompute(shared));
  });
  afterAll(async () => {
    pool.close();
    await redis.stop();
    rmSync(shared, { recursive: true, force: true });
  });
  let second: () => void;
  beforeEach(async () => {
    name = randomUUID();
    queue = await BullmqQueue.open(redis.url, { name, lockMs: 4000, stalledMs: 500 });
    const stop = new AbortController();
    let working = Promise.resolve();
    second = () => {
      working = FolderStore.open(shared).then((store) =>
        queue.work(handlerOf(pool, store), { signal: stop.signal, graceMs: 0 }),
      );
    };
    return async () => {
      stop.abort();
      await working;
      await queue.close();
    };
  });
  /** One in a process of its own; `second` is another one in this process. */
  const worker = (more: Partial<WorkerProcessOptions> = {}) =>
    startWorker({ stateDir: shared, queue: redis.url, name, ...more });

  test('F1: when a worker is killed in a run, another finishes it with the same bytes', async () => {
    const params = { prompts: ['F1'], guidanceScale: 7, seed: 180, steps: 100, ms: 20 };
    const recipe = { experiment: 'fake-drawing', params, checkpoint: 'f'.repeat(64) };
    const id = newId();
    const first = worker();
    await first.told('ready');
    await queue.submit(id, recipe);
    await until(queue, id, 'step');
    first.kill('SIGKILL');
    await first.ended;
    second();
    const events = await eventsOf(queue, id);
    expect(events.at(-1)).toMatchObject({ type: 'done', attempt: 2 });
    expect(manifestsOf(id, shared)).toHaveLength(1);
    expect((await queue.get(id))!.figures.map(({ object }) => object)).toEqual(await undisturbed(recipe));
  });

  test.each(['before-manifest', 'after-manifest'] as const)(
    'F3: a worker killed %s leaves no half result',
    async (fault) => {
      const id = newId();
      await queue.submit(id, { experiment: 'fake-drawing', params: { prompts: [fault] } });
      const faulty = worker({ fault });
      expect(await faulty.ended).toBe('SIGKILL');
      expect((await queue.get(id))?.state).not.toBe('done');
      expect(manifestsOf(id, shared)).toHaveLength(fault === 'after-manifest' ? 1 : 0);
      second();
      const events = await eventsOf(queue, id);
      expect(events.at(-1)).toMatchObject({ type: 'done', cached: fault === 'after-manifest' });
      expect(manifestsOf(id, shared)).toHaveLength(1);
    },
  );

  test('F4: a worker whose loop stands still is overtaken, and what it says afterwards is not told', async () => {
    const id = newId();
    await queue.submit(id, { experiment: 'fake-drawing', params: { prompts: ['x'] } });
    const slow = worker({ fault: 'blocks', blocksMs: 9000 });
    await slow.told('run');
    const stop = new AbortController();
    const working = queue.work(
      async ({ emit }) => {
        await emit({ type: 'warning', message: 'the other' });
        return DONE;
      },
      { signal: stop.signal },
    );
    const events = await eventsOf(queue, id);
    await slow.told('went on');
    expect(events.filter((e) => e.type === 'done')).toHaveLength(1);
    const told = await eventsOf(queue, id);
    expect(told.flatMap((e) => (e.type === 'warning' ? [e.message] : []))).toEqual(['before', 'the other']);
    expect(await queue.get(id)).toMatchObject({ state: 'done', attempt: 2 });
    stop.abort();
    await working;
  });

  test('F5: Redis killed and started again: the server says 503 meanwhile, and no accepted job is lost', async () => {
    const own = await startRedis();
    const server = await startFake({ queue: own.url, stateDir: folder });
    const jobs = [];
    for (let i = 0; i < 5; i++)
      jobs.push(await server.submit('fake-drawing', { prompts: [`job ${i}`], steps: 20, ms: 20 }));
    await own.kill();
    for (const path of ['/v1/jobs', `/v1/jobs/${jobs[4]!.id}`, '/readyz']) {
      const response = await server.get(path);
      expect([path, response.status, (await answerOf(response)).code]).toEqual([path, 503, 'unreachable']);
    }
    const refused = await server.post('/v1/jobs', { experiment: 'fake-drawing' });
    expect(refused.status).toBe(503);
    expect((await server.get('/healthz')).status).toBe(200);
    await own.restart();
    await vi.waitFor(async () => expect((await server.get('/readyz')).status).toBe(200), { timeout: 20_000 });
    for (const { id } of jobs) {
      await vi.waitFor(
        async () =>
          expect(await answerOf(await server.get(`/v1/jobs/${id}`))).toMatchObject({ state: 'done' }),
        {
          timeout: 50_000,
          interval: 100,
        },
      );
    }
    await server.close();
    await own.stop();
  });

  test('F6: Redis with a full disk refuses new jobs in words and keeps the old ones', async ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip();
    const full = await startRedis(disk);
    try {
      await using queue = await BullmqQueue.open(full.url);
      const submit = (id: string) =>
        queue.submit(id, { experiment: 'fake', params: { ballast: 'x'.repeat(10_000) } });
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(1 << 20));
      const accepted: string[] = [];
      let refused: unknown;
      while (!refused) {
        const id = newId();
        await submit(id).then(
          () => accepted.push(id),
          (error) => {
            refused = error;
          },
        );
      }
      expect(refused).toMatchObject({ code: 'disk-full' });
      rmSync(join(disk, 'ballast'));
      await vi.waitFor(async () => expect((await submit(newId())).created).toBe(true), { timeout: 20_000 });
      for (const id of accepted) expect((await queue.get(id))?.state).toBe('queued');
    } finally {
      await full.stop();
      execFileSync('umount', ['-l', disk]);
    }
  });

  test('F10: a worker told to stop gives its job back, and another one finishes it; F8: it is cancelled there', async () => {
    const [id, long] = [newId(), newId()];
    const first = worker();
    await first.told('ready');
    await queue.submit(id, { experiment: 'fake-drawing', params: { prompts: ['F10'], steps: 100, ms: 20 } });
    await until(queue, id, 'step');
    first.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect((await queue.get(id))?.state).toBe('queued');
    second();
    expect((await ended(queue, id)).state).toBe('done');
    await queue.submit(long, {
      experiment: 'fake-drawing',
      params: { prompts: ['F8'], steps: 10_000, ms: 20 },
    });
    await until(queue, long, 'step');
    await queue.cancel(long);
    expect((await ended(queue, long)).state).toBe('cancelled');
  });

  test('two servers and a worker on one queue see the same jobs', async () => {
    const both = { queue: redis.url, store: folder, workers: 0 };
    const [a, b] = await Promise.all([startFake(both), startFake(both)]);
    const job = await a.submit('fake-drawing', { prompts: ['shared'] });
    const heard = b.events(job.id);
    const store = await FolderStore.open(folder);
    const other = await BullmqQueue.open(redis.url);
    const stop = new AbortController();
    const working = other.work(async () => ({ ...DONE, seconds: Number(await store.has('x')) }), {
      signal: stop.signal,
    });
    expect((await heard).at(-1)).toMatchObject({ type: 'done' });
    expect((await answerOf(await b.get('/v1/jobs'))).jobs.map(({ id }) => id)).toContain(job.id);
    stop.abort();
    await working;
    await Promise.all([other.close(), a.close(), b.close()]);
  });
});

test('what runs when its process is told to stop at once is interrupted', async () => {
  await using queue = await FileQueue.open(folder);
  const stop = new AbortController();
  stop.abort();
  await queue.submit(newId(), recipeOf('x'));
  await queue.work(untilInterrupted, { signal: stop.signal, graceMs: 0 });
  expect(await queue.depth()).toEqual({ queued: 1, running: 0 });
});
