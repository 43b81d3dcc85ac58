import type { JobEvent, StreamEvent } from '../../src/server/api-types.ts';
import type { Connection, Listener } from '../backend.ts';
import { root } from './root.ts';

const HEARTBEAT_MS = 15_000;
const LONGEST_WAIT_MS = 30_000;
const NAME = `campanile.events${root}`;

/** What the tabs of a browser say to each other. */
type Message =
  | { readonly says: 'event'; readonly event: JobEvent }
  | { readonly says: 'state'; readonly state: Connection; readonly retryAt?: number | undefined }
  | { readonly says: 'retry' | 'how is it?' };

/**
 * The events of all jobs. A browser allows six connections to a server of HTTP/1.1, so one tab keeps the stream open for
 * all (Web Locks choose it, and the next when it is closed) and hands on what it hears. Where there are no locks, without
 * a secure context, each tab has its own as long as it is to be seen.
 */
export function listen(listener: Listener): { retry(): void } {
  const channel = new BroadcastChannel(NAME);
  let stream: ReturnType<typeof openStream> | undefined;
  const take = (message: Message) => {
    if (message.says === 'event') listener.heard(message.event);
    else if (message.says === 'state') listener.state(message.state, message.retryAt);
    else if (message.says === 'retry') stream?.connect();
    else if (stream) channel.postMessage(stream.state());
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => take(data);
  const open = () => {
    const tell = (message: Message) => {
      channel.postMessage(message);
      take(message);
    };
    stream = openStream(tell);
    tell(stream.state()); // nobody has heard anything since the tab before was closed
    stream.connect();
  };
  if (navigator.locks) {
    channel.postMessage({ says: 'how is it?' } satisfies Message);
    void navigator.locks.request(NAME, () => {
      open();
      return new Promise(() => undefined);
    });
  } else {
    channel.onmessage = null;
    open();
    const seen = () => (document.hidden ? stream?.rest() : stream?.connect());
    if (document.hidden) seen();
    document.addEventListener('visibilitychange', seen);
  }
  const retry = () => {
    channel.postMessage({ says: 'retry' } satisfies Message);
    if (navigator.locks || !document.hidden) stream?.connect();
  };
  addEventListener('online', retry);
  addEventListener('pagehide', () => stream?.close());
  return { retry };
}

const eventTypes: readonly (JobEvent['type'] | StreamEvent['type'])[] = [
  'queued',
  'started',
  'step',
  'figure',
  'warning',
  'done',
  'failed',
  'cancelled',
  'heartbeat',
  'shutdown',
];

/** An EventSource that says how it does, and comes back by itself, ever more slowly. */
function openStream(tell: (message: Message) => void) {
  let source: EventSource | undefined;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let now: Extract<Message, { says: 'state' }> = { says: 'state', state: 'connecting' };
  const turn = (state: Connection, retryAt?: number) => {
    if (state === now.state && retryAt === now.retryAt) return;
    now = { says: 'state', state, retryAt };
    tell(now);
  };
  const heard = () => {
    turn('live');
    clearTimeout(silence);
    silence = setTimeout(() => turn('stale'), 2.5 * HEARTBEAT_MS);
  };
  const close = () => {
    source?.close();
    clearTimeout(silence);
    clearTimeout(retry);
  };
  const rest = () => {
    close();
    turn('connecting');
  };
  const lost = () => {
    close();
    const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** failures++) * (0.75 + Math.random() / 2);
    turn('offline', Date.now() + wait);
    retry = setTimeout(connect, wait);
  };
  function connect(): void {
    close();
    source = new EventSource(`${root}/v1/events`);
    source.onopen = () => {
      failures = 0;
      heard();
    };
    source.onerror = lost;
    for (const type of eventTypes) {
      source.addEventListener(type, (frame) => {
        heard();
        const event = JSON.parse(frame.data as string) as JobEvent | StreamEvent;
        if ('job' in event) tell({ says: 'event', event });
        else if (event.type === 'shutdown') lost();
      });
    }
  }
  return { connect, close, rest, state: () => now };
}
