import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { BullmqQueue } from '../../src/jobs/bullmq-queue.ts';
import { FileQueue } from '../../src/jobs/file-queue.ts';
import { handlerOf } from '../../src/jobs/handler.ts';
import type { JobQueue } from '../../src/jobs/queue.ts';
import { FolderStore } from '../../src/jobs/store.ts';
import { redisProgram, startRedis } from './engines.ts';
import { answerOf, startFake } from './fake-server.ts';
import { folder, manifestsOf, smallDisk, startServer, startWorker, undisturbed } from './machine-room.ts';
import { DONE, ended, eventsOf, newId, recipeOf, untilInterrupted } from './queue-bench.ts';

/** What goes wrong in a machine room, on purpose. F1 to F14; those that need no process of their own are in the contract. */

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

test('what runs when its process is told to stop at once is interrupted', async () => {
  await using queue = await FileQueue.open(folder);
  const stop = new AbortController();
  stop.abort();
  await queue.submit(newId(), recipeOf('x'));
  await queue.work(untilInterrupted, { signal: stop.signal, graceMs: 0 });
  expect(await queue.depth()).toEqual({ queued: 1, running: 0 });
});
