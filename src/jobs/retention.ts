import type { Job } from './job.ts';
import { isFinal } from './job.ts';
import type { JobQueue } from './queue.ts';
import { type ArtifactStore, FolderStore, objectsIn } from './store.ts';

const DAY_MS = 86_400_000;
/** A picture that no job speaks of stays so long: it may stand in somebody's form. */
const UNUSED_DAYS = 7;

export interface Retention {
  /** Jobs that ended so many days ago are forgotten; absent: only when there are too many of them. */
  readonly keepDays?: number | undefined;
  /** Objects that are wanted though no job speaks of them: the built-in pictures. */
  readonly wanted: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Forgets old jobs, then removes what none of the others speaks of: not their figures, nor the pictures of their steps,
 * nor what was uploaded for them. In a bucket nothing is removed: that is for its own rules.
 */
export async function tidyUp(
  queue: JobQueue,
  store: ArtifactStore,
  { keepDays, wanted, signal }: Retention,
): Promise<void> {
  const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);
  if (keepDays !== undefined) await queue.forget(daysAgo(keepDays));
  if (!(store instanceof FolderStore)) return;
  const jobs = new Set<string>();
  for await (const { id } of every(queue, signal)) jobs.add(id);
  const used = async () => {
    const objects = new Set(wanted);
    for await (const job of every(queue, signal)) {
      for (const name of objectsIn(JSON.stringify(job))) objects.add(name);
      if (!isFinal(job.state)) continue; // what it tells is new
      for await (const event of queue.events(job.id, 0, signal))
        for (const name of objectsIn(JSON.stringify(event))) objects.add(name);
    }
    signal.throwIfAborted();
    return objects;
  };
  await store.prune(daysAgo(Math.min(keepDays ?? UNUSED_DAYS, UNUSED_DAYS)), jobs, used);
}

/** @throws the signal's reason */
async function* every(queue: JobQueue, signal: AbortSignal): AsyncGenerator<Job> {
  for (let before: string | undefined; ; ) {
    signal.throwIfAborted();
    const { jobs, next } = await queue.list({ limit: 200, before });
    yield* jobs;
    if (next === undefined) return;
    before = next;
  }
}
