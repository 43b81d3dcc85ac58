import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { decodePicture } from '../../src/images/codec.ts';
import { readRecipe } from '../../src/images/png.ts';
import { Compute } from '../../src/jobs/compute.ts';
import { FileQueue } from '../../src/jobs/file-queue.ts';
import { handlerOf } from '../../src/jobs/handler.ts';
import type { Recipe } from '../../src/jobs/job.ts';
import { jobId } from '../../src/jobs/recipe-id.ts';
import { FolderStore } from '../../src/jobs/store.ts';
import { ComputePool } from '../../src/jobs/worker.ts';
import { fakeCompute } from './fake-compute.ts';
import { ended, eventsOf, until } from './queue-bench.ts';

// Processes are started from the sources: seconds each on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

describe('a worker with a computing process', () => {
  let folder: string;
  let queue: FileQueue;
  let store: FolderStore;
  let pool: ComputePool;
  let working: Promise<void>;
  const stop = new AbortController();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'campanile-worker-'));
    queue = await FileQueue.open(folder);
    store = await FolderStore.open(folder);
    pool = await ComputePool.open(fakeCompute(folder));
    working = queue.work(handlerOf(pool, store), { signal: stop.signal, graceMs: 0, pauseMs: 10 });
  });
  afterAll(async () => {
    stop.abort();
    await working;
    pool.close();
    await queue.close();
    await rm(folder, { recursive: true });
  });

  const submit = async (experiment: string, params: Recipe['params'], nonce?: string) => {
    const recipe = { experiment, params, checkpoint: pool.info.checkpoint };
    const id = jobId(recipe, pool.info.engine, nonce);
    await queue.submit(id, recipe);
    return id;
  };

  test('the process tells of its models and pictures', async () => {
    expect(pool.info.engine).toBe('fake 1');
    expect(pool.info.models).toMatchObject([{ stage: 'base', name: 'fake', sampleSize: 16 }]);
    expect(pool.info.models[0]!.alphaBar).toHaveLength(1000);
    const tower = pool.info.pictures.find(({ reference }) => reference === 'campanile')!;
    expect(tower).toMatchObject({ kind: 'picture', width: 256, height: 256 });
    expect(await store.has(tower.object)).toBe(true);
  });

  test('a job becomes figures with the recipe inside, and steps with previews', async () => {
    const id = await submit('fake-drawing', { prompts: ['a', 'b'], steps: 4, ms: 30 });
    const events = await eventsOf(queue, id);
    expect(events.map((e) => e.type)).toContain('started');
    const steps = events.filter((e) => e.type === 'step');
    expect(steps.at(-1)).toMatchObject({
      label: 'b',
      index: 3,
      count: 4,
      tNext: -1,
      batch: 1,
      progress: { done: 8, total: 8 },
    });
    const preview = await decodePicture((await store.get(steps[0]!.x0.object))!);
    expect([preview.width, preview.height]).toEqual([16, 16]);
    const job = (await queue.get(id))!;
    expect(job.figures).toMatchObject([
      { id: 'a', caption: 'a', width: 16 },
      { id: 'b', url: expect.stringMatching(/^\/v1\/objects\/[0-9a-f]{64}$/) },
    ]);
    expect(readRecipe((await store.get(job.figures[0]!.object))!)).toMatchObject({
      experiment: 'fake-drawing',
      params: { prompts: ['a', 'b'], steps: 4, seed: 180 },
      figure: { id: 'a', seed: 180 },
    });
    expect(await store.manifest(id)).toMatchObject({ figures: job.figures });
  });

  test('a job whose manifest is there is not run again', async () => {
    const params = { prompts: ['known'], steps: 1 };
    const id = jobId(
      { experiment: 'fake-drawing', params, checkpoint: pool.info.checkpoint },
      pool.info.engine,
    );
    await store.publish(id, { recipe: { experiment: 'fake-drawing', params }, figures: [], seconds: 7 });
    await submit('fake-drawing', params);
    expect((await eventsOf(queue, id)).at(-1)).toMatchObject({ type: 'done', cached: true, seconds: 7 });
  });

  test('parts that another job has made are taken from there', async () => {
    const first = await submit('fake-drawing', { prompts: ['shared', 'one'], steps: 2 });
    await ended(queue, first);
    const second = await submit('fake-drawing', { prompts: ['shared', 'two'], steps: 2 });
    const labels = (await eventsOf(queue, second)).flatMap((e) => (e.type === 'step' ? [e.label] : []));
    expect(new Set(labels)).toEqual(new Set(['two']));
    expect((await queue.get(second))!.figures.map((f) => f.id)).toEqual(['shared', 'two']);
  });

  test('an error of the experiment is the failure of the job, with its hint', async () => {
    const id = await submit('fake-failing', { how: 'throws' });
    expect(await ended(queue, id)).toMatchObject({
      state: 'failed',
      attempt: 1,
      error: { code: 'broken', message: 'it broke', hint: 'mend it' },
    });
  });

  test.each<Pick<Recipe, 'checkpoint' | 'precision'>>([
    { checkpoint: 'e'.repeat(64) },
    { precision: 'half' },
  ])('a recipe for another %o is not run here', async (other) => {
    const recipe = { experiment: 'fake-drawing', params: {}, ...other };
    const id = jobId(recipe, 'another server');
    await queue.submit(id, recipe);
    expect(await ended(queue, id)).toMatchObject({ state: 'failed', error: { code: 'recipe' } });
  });

  test('a process that dies is replaced, and its job begun again', async () => {
    const flag = join(folder, 'died');
    const id = await submit('fake-failing', { how: 'dies-once', flag });
    expect(await ended(queue, id)).toMatchObject({ state: 'done', attempt: 2 });
    expect(existsSync(flag)).toBe(true);
  });

  test('F9: a job that kills every process fails after three, and the next one runs', async () => {
    const poison = await submit('fake-failing', { how: 'dies' });
    const next = await submit('fake-drawing', { prompts: ['after the poison'] });
    expect(await ended(queue, poison)).toMatchObject({
      state: 'failed',
      attempt: 3,
      error: { code: 'lost-worker' },
    });
    expect((await ended(queue, next)).state).toBe('done');
  });

  test('F8: a cancel ends a run within a step, and the process goes on with the next job', async () => {
    const id = await submit('fake-drawing', { prompts: ['long'], steps: 10_000, ms: 20 });
    await until(queue, id, 'step');
    await queue.cancel(id);
    const events = await eventsOf(queue, id);
    const at = (type: string) => Date.parse(events.findLast((e) => e.type === type)!.at);
    expect(events.at(-1)!.type).toBe('cancelled');
    expect(at('cancelled')).toBeGreaterThanOrEqual(at('step'));
    const next = await submit('fake-drawing', { prompts: ['after the cancel'] });
    expect((await ended(queue, next)).state).toBe('done');
  });

  test('a reference that is neither a name nor an upload is refused, whatever file it names', async () => {
    for (const picture of [
      '/etc/passwd',
      '../../../etc/passwd',
      'http://127.0.0.1/x.png',
      `object:${'0'.repeat(64)}`,
    ]) {
      const id = await submit('fake-editing', { picture });
      expect(await ended(queue, id)).toMatchObject({ state: 'failed', error: { code: 'picture-missing' } });
    }
  });
});

test('a checkpoint that cannot be opened is the error of the start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'campanile-worker-'));
  await expect(Compute.start(fakeCompute(folder, { settings: { broken: true } }))).rejects.toMatchObject({
    code: 'checkpoint',
    hint: 'get it again',
  });
  await rm(folder, { recursive: true });
});

test('a run that does not come to the end of its step is killed when it is cancelled', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'campanile-worker-'));
  const compute = await Compute.start(fakeCompute(folder, { stepMs: 50 }));
  const cancel = new AbortController();
  const run = compute.run(
    { experiment: 'fake-failing', params: { how: 'blocks', ms: 60_000 } },
    cancel.signal,
    async (e) => {
      if (e.type === 'warning') cancel.abort();
    },
  );
  await expect(run).rejects.toThrow('ended with SIGKILL');
  expect(compute.alive).toBe(false);
  await rm(folder, { recursive: true });
});
