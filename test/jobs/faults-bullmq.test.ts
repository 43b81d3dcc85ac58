import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { BullmqQueue } from '../../src/jobs/bullmq-queue.ts';
import { handlerOf } from '../../src/jobs/handler.ts';
import { FolderStore } from '../../src/jobs/store.ts';
import { ComputePool } from '../../src/jobs/worker.ts';
import { type EngineServer, redisProgram, startRedis } from './engines.ts';
import { fakeCompute } from './fake-compute.ts';
import { answerOf, startFake } from './fake-server.ts';
import { folder, manifestsOf, smallDisk, startWorker, undisturbed } from './machine-room.ts';
import { DONE, ended, eventsOf, newId, until } from './queue-bench.ts';
import type { WorkerProcessOptions } from './worker-process.ts';

/** What goes wrong in a machine room with a database, on purpose. */

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
