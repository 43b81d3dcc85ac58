import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isFinal, type JobEvent } from '../../src/jobs/job.ts';
import { type JobQueue, Requeue, WorkerLost } from '../../src/jobs/queue.ts';
import {
  DONE,
  ended,
  eventsOf,
  idOf,
  newId,
  type QueueBench,
  recipeOf,
  until,
  untilInterrupted,
} from './queue-bench.ts';
import { queueLists } from './queue-lists.ts';

export interface Driver {
  /** Opens the queue of this test; called again, the same one. */
  open(): Promise<JobQueue>;
}

/** What every queue promises. */
export function queueContract(driver: Driver): void {
  let queue: JobQueue;
  let stop: AbortController;
  let working: Promise<void>;
  const begin: QueueBench['begin'] = (handler, options) => {
    working = queue.work(handler, { signal: stop.signal, pauseMs: 10, graceMs: 0, ...options });
  };
  const end = async () => {
    stop.abort();
    await working;
    await queue.close();
  };
  beforeEach(async () => {
    queue = await driver.open();
    stop = new AbortController();
    working = Promise.resolve();
  });
  afterEach(end);

  test('a job is given a title and a star, keeps them, and is found by the star', async () => {
    const id = newId();
    await queue.submit(id, recipeOf('marked'));
    begin(async () => DONE);
    await ended(queue, id);
    expect(await queue.mark(id, { title: 'the red one', starred: true })).toMatchObject({
      title: 'the red one',
      starred: true,
      state: 'done',
    });
    expect(await queue.mark(id, { title: 'the blue one' })).toMatchObject({
      title: 'the blue one',
      starred: true,
    });
    const starred = async (is: boolean) =>
      (await queue.list({ limit: 100, starred: is })).jobs.some((job) => job.id === id);
    expect([await starred(true), await starred(false)]).toEqual([true, false]);
    const bare = await queue.mark(id, { title: '', starred: false });
    expect([bare?.title, bare?.starred]).toEqual([undefined, undefined]);
    expect([await starred(true), await starred(false)]).toEqual([false, true]);
    const figures = { a: { starred: true }, b: { away: true } };
    await queue.mark(id, { figureMarks: figures, away: true });
    const fewer = await queue.mark(id, { figureMarks: { a: { starred: false }, b: { starred: true } } });
    expect([fewer?.figureMarks, fewer?.away]).toEqual([{ b: { away: true, starred: true } }, true]);
    expect(await queue.mark(newId(), { starred: true })).toBeUndefined();
  });

  test('N at a time are N at once: each of them waits until all are under way', async () => {
    const n = 4;
    const ids = Array.from({ length: 2 * n }, newId);
    // By name: on a busy machine a queue may give a job out again, which is still one.
    const underWay = new Set<string>();
    const met = new Set<string>();
    let release = () => {};
    let all = new Promise<void>((resolve) => {
      release = resolve;
    });
    begin(
      async ({ job: { id } }) => {
        const meeting = all;
        if (met.has(id)) return DONE;
        if (underWay.add(id).size === n) {
          for (const each of underWay) met.add(each);
          underWay.clear();
          release();
          all = new Promise((resolve) => {
            release = resolve;
          });
        }
        await meeting;
        return DONE;
      },
      { concurrency: n },
    );
    for (const id of ids) await queue.submit(id, recipeOf(id));
    for (const id of ids) expect((await ended(queue, id)).state).toBe('done');
    expect(met.size).toBe(2 * n);
  });

  test('a job that has ended can be removed, one that has not cannot', async () => {
    const id = newId();
    await queue.submit(id, recipeOf('removed'));
    await expect(queue.remove(id)).rejects.toMatchObject({ code: 'busy' });
    begin(async () => DONE);
    await ended(queue, id);
    expect(await queue.remove(id)).toBe(true);
    expect(await queue.get(id)).toBeUndefined();
    expect(await queue.remove(id)).toBe(false);
    expect((await queue.submit(id, recipeOf('removed'))).created).toBe(true);
    await ended(queue, id);
  });

  test('a job goes from queued to done and tells of every event in order', async () => {
    const id = newId();
    const { job, created } = await queue.submit(id, recipeOf('a'));
    expect([job.state, created, job.attempt]).toEqual(['queued', true, 0]);
    begin(async ({ emit, attempt }) => {
      expect(attempt).toBe(1);
      await emit({ type: 'started', progress: { done: 0, total: 2 } });
      await emit({ type: 'warning', message: 'one' });
      await emit({ type: 'warning', message: 'two' });
      return { ...DONE, seconds: 3 };
    });
    const events = await eventsOf(queue, id);
    expect(events.map((e) => e.type)).toEqual(['queued', 'started', 'warning', 'warning', 'done']);
    expect(events.map((e) => e.seq)).toEqual([...events.map((e) => e.seq)].sort((a, b) => a - b));
    expect(events.at(-1)).toMatchObject({ type: 'done', seconds: 3, attempt: 1, job: id });
    const done = (await queue.get(id))!;
    expect(done).toMatchObject({ state: 'done', attempt: 1, recipe: recipeOf('a'), progress: { total: 2 } });
    expect(done.finishedAt! >= done.startedAt!).toBe(true);
  });

  test('who comes later hears everything again, who left off hears the rest, who comes after the end hears it', async () => {
    const id = newId();
    await queue.submit(id, recipeOf('replay'));
    begin(async ({ emit }) => {
      await emit({ type: 'warning', message: 'one' });
      return DONE;
    });
    const live = await eventsOf(queue, id);
    expect(await eventsOf(queue, id)).toEqual(live);
    expect(await eventsOf(queue, id, live[0]!.seq)).toEqual(live.slice(1));
    expect(await eventsOf(queue, id, live.at(-1)!.seq)).toEqual(live.slice(-1));
  });

  test('who comes while a job ends hears the same end as who was there before', async () => {
    const id = newId();
    await queue.submit(id, recipeOf('ending'));
    const first = eventsOf(queue, id);
    begin(async () => ({ ...DONE, seconds: 3 }));
    const heard: Promise<JobEvent[]>[] = [];
    let over = false;
    void first.then(() => {
      over = true;
    });
    // Ever more slowly: on a busy machine thousands would wait for connections.
    while (!over) {
      heard.push(eventsOf(queue, id));
      await sleep(heard.length / 20);
    }
    const told = [await first, ...(await Promise.all(heard))].map((events) => JSON.stringify(events));
    expect([...new Set(told)]).toHaveLength(1);
  });

  test('jobs are begun in the order in which they came', async () => {
    const ids = Array.from({ length: 5 }, newId);
    for (const id of ids) await queue.submit(id, recipeOf(id));
    const order: string[] = [];
    begin(async ({ job }) => {
      order.push(job.id);
      return DONE;
    });
    for (const id of ids) await ended(queue, id);
    expect(order).toEqual(ids);
  });

  test('F7: a hundred submissions of one job are one run and a hundred answers', async () => {
    const id = newId();
    let runs = 0;
    begin(async () => {
      runs++;
      return DONE;
    });
    const answers = await Promise.all(Array.from({ length: 100 }, () => queue.submit(id, recipeOf('same'))));
    expect(answers.every(({ job }) => job.id === id)).toBe(true);
    await ended(queue, id);
    const again = await queue.submit(id, recipeOf('same'));
    expect([again.created, again.job.state, runs]).toEqual([false, 'done', 1]);
  });

  test('F8: a waiting job is cancelled at once and never runs', async () => {
    const id = newId();
    const next = newId();
    await queue.submit(id, recipeOf('waiting'));
    expect((await queue.cancel(id))?.state).toBe('cancelled');
    expect((await queue.cancel(id))?.state).toBe('cancelled');
    const ran: string[] = [];
    begin(async ({ job }) => {
      ran.push(job.id);
      return DONE;
    });
    await queue.submit(next, recipeOf('next'));
    await ended(queue, next);
    expect(ran).toEqual([next]);
    expect((await eventsOf(queue, id)).at(-1)?.type).toBe('cancelled');
    expect((await queue.get(id))?.state).toBe('cancelled');
  });

  test('F8: a running job hears of its cancelling and ends cancelled, once', async () => {
    const id = newId();
    await queue.submit(id, recipeOf('running'));
    begin(async (claim) => {
      await claim.emit({ type: 'started', progress: { done: 0, total: 1 } });
      return untilInterrupted(claim);
    });
    await until(queue, id, 'started');
    expect(['cancelling', 'cancelled']).toContain((await queue.cancel(id))?.state);
    expect(['cancelling', 'cancelled']).toContain((await queue.cancel(id))?.state);
    const events = await eventsOf(queue, id);
    expect(events.filter((e) => e.type === 'cancelled')).toHaveLength(1);
    expect((await queue.get(id))?.state).toBe('cancelled');
  });

  test('F8: a job that has ended stays done; an unknown one is not found', async () => {
    const id = newId();
    await queue.submit(id, recipeOf('ended'));
    begin(async () => DONE);
    await ended(queue, id);
    expect((await queue.cancel(id))?.state).toBe('done');
    expect(await queue.cancel(newId())).toBeUndefined();
    expect(await queue.get(newId())).toBeUndefined();
  });

  test('a failure has its code, message and hint; sent again, the job runs again', async () => {
    const id = newId();
    await queue.submit(id, recipeOf('failing'));
    let runs = 0;
    begin(async () => {
      if (++runs === 1) throw Object.assign(new Error('it broke'), { code: 'broken', hint: 'mend it' });
      return DONE;
    });
    expect(await ended(queue, id)).toMatchObject({
      state: 'failed',
      error: { code: 'broken', message: 'it broke', hint: 'mend it' },
    });
    expect(await queue.submit(id, recipeOf('failing'))).toMatchObject({
      created: true,
      job: { id, state: 'queued' },
    });
    expect(await ended(queue, id)).toMatchObject({ state: 'done', attempt: 2 });
    expect((await eventsOf(queue, id)).filter((e) => isFinal(e.type))).toHaveLength(1);
  });

  test('a cancelled job, sent again, runs', async () => {
    const id = newId();
    await queue.submit(id, recipeOf('back'));
    await queue.cancel(id);
    expect((await queue.submit(id, recipeOf('back'))).created).toBe(true);
    begin(async () => DONE);
    expect((await ended(queue, id)).state).toBe('done');
  });

  test('F9: a job that takes its worker down is given up after three tries, the others go on', async () => {
    const poison = newId();
    const good = newId();
    await queue.submit(poison, recipeOf('poison'));
    await queue.submit(good, recipeOf('good'));
    let tries = 0;
    begin(async ({ job }) => {
      if (job.id === good) return DONE;
      tries++;
      throw new WorkerLost('killed by SIGSEGV');
    });
    expect((await ended(queue, good)).state).toBe('done');
    expect(await ended(queue, poison)).toMatchObject({ state: 'failed', error: { code: 'lost-worker' } });
    expect(tries).toBe(3);
  });

  test('a job given back waits and runs later, however often', async () => {
    const id = newId();
    await queue.submit(id, recipeOf('given back'));
    let runs = 0;
    begin(async () => {
      if (++runs < 6) throw new Requeue('the disk is full');
      return DONE;
    });
    expect((await ended(queue, id)).state).toBe('done');
    expect(
      (await eventsOf(queue, id)).filter((e) => e.type === 'queued' && e.reason?.includes('disk')),
    ).not.toEqual([]);
  });

  test('F10: a worker that is told to stop gives its job back, and the next one finishes it', async () => {
    const id = newId();
    await queue.submit(id, recipeOf('stopped'));
    begin(async (claim) => {
      await claim.emit({ type: 'started', progress: { done: 0, total: 1 } });
      return untilInterrupted(claim);
    });
    await until(queue, id, 'started');
    await end();
    queue = await driver.open();
    stop = new AbortController();
    expect((await queue.get(id))?.state).toBe('queued');
    begin(async () => DONE);
    expect(await ended(queue, id)).toMatchObject({ state: 'done', attempt: 2 });
  });

  test('a worker told to stop may finish its job within the grace', async () => {
    const id = newId();
    await queue.submit(id, recipeOf('grace'));
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    begin(
      async ({ emit }) => {
        await emit({ type: 'started', progress: { done: 0, total: 1 } });
        await finished;
        return DONE;
      },
      { graceMs: 60_000 },
    );
    await until(queue, id, 'started');
    stop.abort();
    finish();
    await working;
    expect((await queue.get(id))?.state).toBe('done');
  });

  test('what was submitted is there after closing and opening', async () => {
    const ids = Array.from({ length: 3 }, newId);
    for (const id of ids) await queue.submit(id, recipeOf(id));
    await queue.close();
    queue = await driver.open();
    for (const id of ids)
      expect(await queue.get(id)).toMatchObject({ state: 'queued', recipe: recipeOf(id) });
    begin(async () => DONE);
    for (const id of ids) expect((await ended(queue, id)).state).toBe('done');
  });

  test('a key stays tied to what came with it first, through closing and opening and for other servers', async () => {
    const key = `a key of some client ${newId()}`;
    expect(await queue.tie(key, idOf('first'))).toBe(idOf('first'));
    expect(await queue.tie(key, idOf('first'))).toBe(idOf('first'));
    expect(await queue.tie(key, idOf('second'))).toBe(idOf('first'));
    const many = await Promise.all(['a', 'b', 'c', 'd'].map((name) => queue.tie(`${key}/`, idOf(name))));
    expect(new Set(many).size).toBe(1);
    await queue.close();
    queue = await driver.open();
    expect(await queue.tie(key, idOf('third'))).toBe(idOf('first'));
    expect(await queue.depth()).toEqual({ queued: 0, running: 0 });
  });

  queueLists({
    get queue() {
      return queue;
    },
    begin,
  });
}
