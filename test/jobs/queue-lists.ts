import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Requeue } from '../../src/jobs/queue.ts';
import { DONE, ended, newId, type QueueBench, recipeOf } from './queue-bench.ts';

/** What every queue promises of all its jobs together. */
export function queueLists(bench: QueueBench): void {
  test('jobs that ended before are forgotten, others are not', async () => {
    const [early, late, waiting] = [newId(), newId(), newId()];
    bench.begin(async ({ job }) => {
      if (job.id === waiting) throw new Requeue('not yet');
      return DONE;
    });
    await bench.queue.submit(early, recipeOf('early'));
    const { finishedAt } = await ended(bench.queue, early);
    const now = Date.parse(finishedAt!) + 5;
    while (Date.now() < now) await turn();
    await bench.queue.submit(late, recipeOf('late'));
    await ended(bench.queue, late);
    await bench.queue.submit(waiting, recipeOf('waiting'));
    await bench.queue.forget(new Date(now));
    expect(await bench.queue.get(early)).toBeUndefined();
    expect((await bench.queue.get(late))?.state).toBe('done');
    expect(['queued', 'running']).toContain((await bench.queue.get(waiting))?.state);
    expect((await bench.queue.submit(early, recipeOf('early'))).created).toBe(true);
  });

  test('lists are newest first, in pages, by state and experiment', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      ids.unshift(newId());
      await bench.queue.submit(ids[0]!, recipeOf(String(i)));
    }
    expect(await bench.queue.depth()).toEqual({ queued: 5, running: 0 });
    await bench.queue.cancel(ids[2]!);
    const first = await bench.queue.list({ limit: 2 });
    expect(first.jobs.map((j) => j.id)).toEqual(ids.slice(0, 2));
    const second = await bench.queue.list({ limit: 2, before: first.next });
    expect(second.jobs.map((j) => j.id)).toEqual(ids.slice(2, 4));
    expect((await bench.queue.list({ limit: 10, state: 'cancelled' })).jobs.map((j) => j.id)).toEqual([
      ids[2],
    ]);
    expect((await bench.queue.list({ limit: 10, experiment: 'other' })).jobs).toEqual([]);
    expect((await bench.queue.list({ limit: 10 })).next).toBeUndefined();
  });

  test('one stream tells of all jobs', async () => {
    const listening = new AbortController();
    const heard: string[] = [];
    const [a, b] = [newId(), newId()];
    const stream = (async () => {
      for await (const event of bench.queue.live(listening.signal)) {
        heard.push(`${event.job === a ? 'a' : 'b'} ${event.type}`);
        if (heard.filter((h) => h.endsWith('done')).length === 2) return;
      }
    })();
    await bench.queue.ping();
    await bench.queue.submit(a, recipeOf('a'));
    await bench.queue.submit(b, recipeOf('b'));
    bench.begin(async ({ emit }) => {
      await emit({ type: 'started', progress: { done: 0, total: 1 } });
      return DONE;
    });
    await stream;
    listening.abort();
    for (const name of ['a', 'b']) {
      expect(heard.filter((h) => h.startsWith(name))).toEqual([
        `${name} queued`,
        `${name} started`,
        `${name} done`,
      ]);
    }
  });
}
