import { isFinal } from '../src/jobs/job.ts';
import type { JobEvent } from '../src/server/api-types.ts';
import { backend, type Connection } from './backend.ts';
import { learn, liveAnew, runs, tell } from './runs.ts';
import { createStore } from './store.ts';

export const connection = createStore<Connection>('connecting');
/** When the next try to connect is due, in milliseconds of `Date.now`. */
export const retryAt = createStore<number | undefined>(undefined);
export let retryNow: () => void = () => undefined;

/**
 * The stream speaks of all jobs, but only from now on; what a job told before is fetched by `watch`, and the sequence
 * numbers sew the two together.
 */
export function startLive(): void {
  const stream = backend.listen({
    heard: (event) => void take(event),
    state(state, due) {
      const opened = state === 'live' && connection.get() !== 'live';
      connection.set(state);
      retryAt.set(due);
      if (!opened) return;
      liveAnew();
      void refresh();
      for (const id of watched.keys()) void catchUp(id).catch(() => undefined);
    },
  });
  retryNow = stream.retry;
}

async function take(event: JobEvent): Promise<void> {
  // A job made elsewhere: another tab, a script.
  if (!runs.get().has(event.job)) await backend.job(event.job).then(learn, () => undefined);
  tell(event, 'live');
}

/** The latest jobs, whoever made them. */
const refresh = (): Promise<void> =>
  backend.jobs({ limit: 50 }).then(
    ({ jobs }) => jobs.forEach(learn),
    () => undefined,
  );

/** The past comes in one go: after such a silence there is no more of it. */
const PAST_IS_OVER_MS = 2000;

/** Jobs on show, with what stops the reading of their past. */
const watched = new Map<string, AbortController>();

/**
 * A job on show: known now, and told of from its first step on.
 *
 * @returns stops the reading
 * @throws what the backend says, through `failed`
 */
export function watch(id: string, failed: (error: unknown) => void): () => void {
  watched.set(id, new AbortController());
  void catchUp(id).catch(failed);
  return () => {
    watched.get(id)?.abort();
    watched.delete(id);
  };
}

/**
 * Reads what a job has told so far, up to where the live stream has taken over: as soon as both have told of the same
 * event, nothing is missing between them. A job that waits has told nothing, and one that takes minutes for a step says
 * nothing for as long: reading on would hold a connection for nobody, of the few that a browser has.
 */
async function catchUp(id: string): Promise<void> {
  watched.get(id)?.abort();
  const stop = new AbortController();
  watched.set(id, stop);
  try {
    const job = await backend.job(id, stop.signal);
    learn(job);
    if (runs.get().get(id)?.complete) return;
    if (job.state === 'queued' && job.attempt === 0 && connection.get() === 'live') return;
    const over = () => (connection.get() === 'live' || document.hidden) && stop.abort();
    const quiet = () => setTimeout(over, PAST_IS_OVER_MS);
    let waiting = quiet();
    for await (const event of backend.told(id, stop.signal)) {
      clearTimeout(waiting);
      const sewn = tell(event, 'replay');
      if (sewn || isFinal(event.type)) break;
      waiting = quiet();
    }
    clearTimeout(waiting);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    stop.abort();
  }
}
