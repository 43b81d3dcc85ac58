import { isFinal } from '../src/jobs/job.ts';
import type { JobEvent, StreamEvent } from '../src/server/api-types.ts';
import { api } from './api.ts';
import { learn, liveAnew, runs, tell } from './runs.ts';
import { sseFrames } from './sse.ts';
import { createStore } from './store.ts';

/** How the tab's one stream does. `stale`: open, but silent for longer than a heartbeat should take. */
export type Connection = 'connecting' | 'live' | 'stale' | 'offline';
export const connection = createStore<Connection>('connecting');
/** When the next try to connect is due, in milliseconds of `Date.now`. */
export const retryAt = createStore<number | undefined>(undefined);

const HEARTBEAT_MS = 15_000;
const LONGEST_WAIT_MS = 30_000;

let source: EventSource | undefined;
let failures = 0;
let retry: ReturnType<typeof setTimeout> | undefined;
let silence: ReturnType<typeof setTimeout> | undefined;

/**
 * One EventSource for the tab, since a browser allows six connections to a server. It speaks of all jobs, but only from
 * now on; what a job told before is fetched by `watch`, and the sequence numbers sew the two together.
 */
export function startLive(): void {
  connect();
  addEventListener('online', retryNow);
  addEventListener('pagehide', () => source?.close());
}

export function retryNow(): void {
  clearTimeout(retry);
  connect();
}

function connect(): void {
  source?.close();
  retryAt.set(undefined);
  source = new EventSource('/v1/events');
  source.onopen = () => {
    failures = 0;
    heard();
    liveAnew();
    void refresh();
    for (const id of watched.keys()) void catchUp(id).catch(() => undefined);
  };
  source.onerror = lost;
  for (const type of [...eventTypes, 'heartbeat', 'shutdown']) {
    source.addEventListener(type, (frame) => {
      heard();
      const event = JSON.parse(frame.data as string) as JobEvent | StreamEvent;
      if ('job' in event) void take(event);
      else if (event.type === 'shutdown') lost();
    });
  }
}

const eventTypes: readonly JobEvent['type'][] = [
  'queued',
  'started',
  'step',
  'figure',
  'warning',
  'done',
  'failed',
  'cancelled',
];

function heard(): void {
  connection.set('live');
  clearTimeout(silence);
  silence = setTimeout(() => connection.set('stale'), 2.5 * HEARTBEAT_MS);
}

function lost(): void {
  source?.close();
  clearTimeout(silence);
  clearTimeout(retry);
  connection.set('offline');
  const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** failures++) * (0.75 + Math.random() / 2);
  retryAt.set(Date.now() + wait);
  retry = setTimeout(connect, wait);
}

async function take(event: JobEvent): Promise<void> {
  // A job made elsewhere: another tab, a script.
  if (!runs.get().has(event.job)) await api.job(event.job).then(learn, () => undefined);
  tell(event, 'live');
}

/** The latest jobs, whoever made them. */
const refresh = (): Promise<void> =>
  api.jobs({ limit: 50 }).then(
    ({ jobs }) => jobs.forEach(learn),
    () => undefined,
  );

/** Jobs on show, with what stops the reading of their past. */
const watched = new Map<string, AbortController>();

/**
 * A job on show: known now, and told of from its first step on.
 *
 * @returns stops the reading
 * @throws what the server says, through `failed`
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
 * event, nothing is missing between them.
 */
async function catchUp(id: string): Promise<void> {
  watched.get(id)?.abort();
  const stop = new AbortController();
  watched.set(id, stop);
  try {
    learn(await api.job(id, stop.signal));
    if (runs.get().get(id)?.complete) return;
    for await (const frame of sseFrames(await api.replay(id, 0, stop.signal))) {
      const event = JSON.parse(frame) as JobEvent | StreamEvent;
      if (!('job' in event)) continue;
      const sewn = tell(event, 'replay');
      if (sewn || isFinal(event.type)) break;
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    stop.abort();
  }
}
