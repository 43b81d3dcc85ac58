import {
  isFinal,
  type Job,
  type JobEvent,
  type JobEventBody,
  type Marks,
  type Outcome,
  type Recipe,
} from '../../src/jobs/job.ts';
import { marked, unmarked } from '../../src/jobs/marks.ts';
import { lostWorker, MAX_ATTEMPTS, stillBusy } from '../../src/jobs/queue.ts';
import type { JobPage, JobQuery } from '../backend.ts';
import { database, type Entry, isFull, site, writing } from './db.ts';

type Message =
  | { readonly says: 'event'; readonly event: JobEvent }
  | { readonly says: 'cancel'; readonly id: string };

const channel = new BroadcastChannel(`campanile jobs ${site}`);
const listeners = new Set<(message: Message) => void>();
const announce = (message: Message): void => {
  for (const hear of listeners) hear(message);
};
channel.onmessage = ({ data }: MessageEvent<Message>) => announce(data);
const say = (message: Message): void => {
  announce(message);
  channel.postMessage(message);
};

/** Hears what any tab's jobs tell, and what is asked of the tab that runs them. */
export function hearing(listener: (message: Message) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** A transaction says itself why it failed. */
const told = (): void => undefined;

/** Events of a job so far. */
export async function eventsOf(id: string): Promise<JobEvent[]> {
  return (await database()).getAll('events', IDBKeyRange.bound([id, 0], [id, Number.POSITIVE_INFINITY]));
}

/**
 * Changes a job and tells of it, all at once or not at all: whatever tab is closed in the middle.
 *
 * @param change  undefined leaves everything as it is
 * @returns the job as it is then; undefined when there is none
 */
async function changed(
  id: string,
  change: (entry: Entry) => { readonly entry: Entry; readonly event?: JobEventBody } | undefined,
): Promise<Job | undefined> {
  const transaction = (await database()).transaction(['jobs', 'events'], 'readwrite');
  const jobs = transaction.objectStore('jobs');
  const entry = await jobs.get(id);
  const next = entry && change(entry);
  if (!next) {
    await transaction.done;
    return entry?.job;
  }
  jobs.put(next.entry).catch(told);
  const event = next.event && (await numbered(transaction.objectStore('events'), next.entry.job, next.event));
  if (event) transaction.objectStore('events').put(event).catch(told);
  await writing(transaction.done);
  if (event) say({ says: 'event', event });
  return next.entry.job;
}

/** The next event of a job. */
async function numbered(
  events: {
    openKeyCursor(range: IDBKeyRange, direction: 'prev'): Promise<{ readonly key: [string, number] } | null>;
  },
  { id, attempt }: Job,
  body: JobEventBody,
): Promise<JobEvent> {
  const range = IDBKeyRange.bound([id, 0], [id, Number.POSITIVE_INFINITY]);
  const last = (await events.openKeyCursor(range, 'prev'))?.key[1] ?? 0;
  return { seq: last + 1, job: id, at: new Date().toISOString(), attempt, ...body };
}

export const getJob = async (id: string): Promise<Job | undefined> =>
  (await (await database()).get('jobs', id))?.job;

/** What an earlier attempt told is not how far the next one is. */
const afresh = { state: 'queued', progress: { done: 0, total: 0 }, figures: [] } as const;

/** @returns the job, and whether it waits, runs or is done already; one that failed or was cancelled waits again */
export async function submit(id: string, recipe: Recipe): Promise<{ job: Job; known: boolean }> {
  const db = await database();
  const transaction = db.transaction('jobs', 'readwrite');
  const known = await transaction.store.get(id);
  if (!known) {
    const last = await transaction.store.index('order').openKeyCursor(null, 'prev');
    const job: Job = {
      id,
      recipe,
      ...afresh,
      attempt: 0,
      createdAt: new Date().toISOString(),
    };
    const entry: Entry = { job, order: (last?.key ?? 0) + 1, losses: 0 };
    transaction.store.put(entry).catch(told);
  }
  await writing(transaction.done);
  let fresh = false;
  const job = await changed(id, (entry) => {
    fresh = !known || ['failed', 'cancelled'].includes(entry.job.state);
    if (!fresh) return undefined;
    const { error: _, startedAt: __, finishedAt: ___, ...rest } = entry.job;
    return {
      entry: { ...entry, losses: 0, job: { ...rest, ...afresh } },
      event: { type: 'queued' },
    };
  });
  return { job: job!, known: !fresh };
}

/** Newest first. */
export async function listJobs({ state, experiment, before, limit = 50 }: JobQuery = {}): Promise<JobPage> {
  const range = before === undefined ? null : IDBKeyRange.upperBound(Number(before), true);
  const jobs: Job[] = [];
  let last: number | undefined;
  let cursor = await (await database()).transaction('jobs').store.index('order').openCursor(range, 'prev');
  for (; cursor; cursor = await cursor.continue()) {
    if (jobs.length === limit) return { jobs, next: String(last) };
    const { job, order } = cursor.value;
    if ((state && job.state !== state) || (experiment && job.recipe.experiment !== experiment)) continue;
    jobs.push(job);
    last = order;
  }
  return { jobs };
}

export async function cancel(id: string): Promise<Job | undefined> {
  const job = await changed(id, (entry) => {
    if (entry.job.state === 'queued') return ended(entry, { type: 'cancelled' });
    return entry.job.state === 'running'
      ? { entry: { ...entry, job: { ...entry.job, state: 'cancelling' } } }
      : undefined;
  });
  if (job?.state === 'cancelling') say({ says: 'cancel', id });
  return job;
}

export const mark = (id: string, marks: Marks): Promise<Job | undefined> =>
  changed(id, (entry) => ({
    entry: { ...entry, job: { ...unmarked(entry.job), ...marked(entry.job, marks) } },
  }));

/**
 * Forgets a job that has ended, with what it told; its pictures may be those of others, too.
 *
 * @throws {QueueError} `busy` while it waits or runs
 */
export async function remove(id: string): Promise<boolean> {
  const transaction = (await database()).transaction(['jobs', 'events'], 'readwrite');
  const entry = await transaction.objectStore('jobs').get(id);
  const ended = entry && isFinal(entry.job.state);
  if (ended) {
    transaction.objectStore('jobs').delete(id).catch(told);
    const range = IDBKeyRange.bound([id, 0], [id, Number.POSITIVE_INFINITY]);
    transaction.objectStore('events').delete(range).catch(told);
  }
  await transaction.done;
  if (entry && !ended) throw stillBusy(id, entry.job.state);
  return entry !== undefined;
}

/** The job that has waited longest is begun. */
export async function claim(): Promise<Job | undefined> {
  let cursor = await (await database()).transaction('jobs').store.index('order').openCursor();
  while (cursor && cursor.value.job.state !== 'queued') cursor = await cursor.continue();
  if (!cursor) return undefined;
  let mine: Job | undefined;
  await changed(cursor.value.job.id, (entry) => {
    if (entry.job.state !== 'queued') return undefined;
    const { job } = entry;
    mine = {
      ...job,
      state: 'running',
      attempt: job.attempt + 1,
      startedAt: new Date().toISOString(),
    };
    return { entry: { ...entry, job: mine } };
  });
  return mine;
}

/** What a run tells becomes part of its job. */
export const tell = async (id: string, event: JobEventBody): Promise<void> => {
  try {
    await changed(id, (entry) => ({ entry: withEvent(entry, event), event }));
  } catch (error) {
    // A step that is not kept is missed by nobody; a figure is.
    if (event.type !== 'step' || !isFull(error)) throw error;
  }
};

function withEvent(entry: Entry, event: JobEventBody): Entry {
  const { job } = entry;
  if (event.type === 'figure')
    return { ...entry, losses: 0, job: { ...job, figures: [...job.figures, event.figure] } };
  return 'progress' in event ? { ...entry, job: { ...job, progress: event.progress } } : entry;
}

export const finish = (id: string, outcome: Outcome): Promise<Job | undefined> =>
  changed(id, (entry) => ended(entry, outcome));

function ended(entry: Entry, event: Outcome): { entry: Entry; event: Outcome } {
  const job: Job = { ...entry.job, state: event.type, finishedAt: new Date().toISOString() };
  if (event.type === 'done') return { entry: { ...entry, job: { ...job, figures: event.figures } }, event };
  return { entry: { ...entry, job: event.type === 'failed' ? { ...job, error: event.error } : job }, event };
}

/** Called by the tab that runs jobs from now on: what another was running when it was closed waits again. */
export async function recover(): Promise<void> {
  for (const { job } of await (await database()).getAll('jobs')) {
    if (isFinal(job.state) || job.state === 'queued') continue;
    await changed(job.id, (entry) => {
      if (entry.job.state === 'cancelling') return ended(entry, { type: 'cancelled' });
      const losses = entry.losses + 1;
      if (losses >= MAX_ATTEMPTS) return ended(entry, lostWorker('the page was closed'));
      return {
        entry: { ...entry, losses, job: { ...entry.job, ...afresh } },
        event: { type: 'queued', reason: 'the page was closed' },
      };
    });
  }
}
