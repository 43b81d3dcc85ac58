import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Sync } from '../platform/node/hash.ts';
import { FileQueue } from './file-queue.ts';
import type { Recipe } from './job.ts';
import { storedObject } from './part-store.ts';
import { tidyUp } from './retention.ts';
import { FolderStore } from './store.ts';

const DAY_MS = 86_400_000;
const { signal } = new AbortController();

describe('what is kept', () => {
  let folder: string;
  let store: FolderStore;
  let queue: FileQueue;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'campanile-retention-'));
    store = await FolderStore.open(folder);
    queue = await FileQueue.open(folder);
  });
  afterEach(async () => {
    await queue.close();
    rmSync(folder, { recursive: true });
  });

  const objects = () => readdirSync(join(folder, 'objects')).sort();
  const put = (text: string) => store.put(Buffer.from(text));
  const recipeOf = (name: string, picture?: string): Recipe => ({
    experiment: 'x',
    params: { name, ...(picture ? { picture: `object:${picture}` } : {}) },
  });
  /** Makes everything in the store so many days old. */
  const age = (days: number) => {
    const then = new Date(Date.now() - days * DAY_MS);
    for (const place of ['objects', 'manifests'])
      for (const name of readdirSync(join(folder, place))) utimesSync(join(folder, place, name), then, then);
  };
  /** A job that was given a picture, told of a step and made a figure. */
  const finished = async (name: string) => {
    const [given, step, made] = [
      await put(`${name} given`),
      await put(`${name} step`),
      await put(`${name} made`),
    ];
    const id = sha256Sync(name);
    await queue.submit(id, recipeOf(name, given));
    const size = { width: 1, height: 1 };
    const figure = { id: 'a', row: '', column: '', caption: '', ...storedObject(made, size) };
    const stop = new AbortController();
    const working = queue.work(
      async ({ emit }) => {
        const x = storedObject(step, size);
        const progress = { done: 1, total: 1 };
        await emit({
          type: 'step',
          stage: 'base',
          calls: 2,
          label: '',
          index: 0,
          count: 1,
          t: 1,
          tNext: -1,
          batch: 1,
          x,
          x0: x,
          progress,
        });
        await store.publish(id, { recipe: recipeOf(name, given), figures: [figure], seconds: 0 });
        return { type: 'done', figures: [figure], cached: false, seconds: 0 };
      },
      { signal: stop.signal },
    );
    for await (const _ of queue.events(id, 0, signal));
    stop.abort();
    await working;
    return { id, objects: [given, step, made].sort() };
  };

  test('all that a remembered job speaks of, however old', async () => {
    const job = await finished('job');
    const unused = await put('unused');
    age(1000);
    await tidyUp(queue, store, { wanted: [], signal });
    expect(objects()).toEqual(job.objects);
    expect(await store.has(unused)).toBe(false);
    expect(await store.manifest(job.id)).toBeDefined();
  });

  test('the picture of a job that waits, and what is wanted anyway', async () => {
    const [given, builtIn] = [await put('given'), await put('built in')];
    await queue.submit(sha256Sync('waits'), recipeOf('waits', given));
    await put('unused');
    age(1000);
    await tidyUp(queue, store, { wanted: [builtIn], signal });
    expect(objects()).toEqual([given, builtIn].sort());
  });

  test('what is new, put again or asked for, though no job speaks of it yet', async () => {
    const [again, asked] = [await put('again'), await put('asked')];
    await put('old');
    age(8);
    const recent = await put('new');
    await put('again');
    await store.has(asked);
    await tidyUp(queue, store, { wanted: [], signal });
    expect(objects()).toEqual([again, asked, recent].sort());
  });

  test('with keepDays, nothing of jobs that ended before', async () => {
    const job = await finished('job');
    age(1);
    await tidyUp(queue, store, { keepDays: 1, wanted: [], signal });
    expect((await queue.get(job.id))?.state).toBe('done');
    const { finishedAt } = (await queue.get(job.id))!;
    while (Date.now() <= Date.parse(finishedAt!)) await new Promise(setImmediate);
    await tidyUp(queue, store, { keepDays: 0, wanted: [], signal });
    expect(await queue.get(job.id)).toBeUndefined();
    expect([objects(), readdirSync(join(folder, 'manifests'))]).toEqual([[], []]);
  });
});
