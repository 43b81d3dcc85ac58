import type { FastifyReply, FastifyRequest } from 'fastify';
import { RefusedError } from './problem.ts';

export interface Frame {
  readonly event: string;
  readonly id?: number | undefined;
  readonly data: unknown;
}

const HEARTBEAT_MS = 15_000;
/** A reader who leaves so much unread is not reading: it is let go, and may come back with `Last-Event-ID`. */
const MOST_UNREAD_BYTES = 1 << 20;

type Replacer = (key: string, value: unknown) => unknown;

const written = ({ event, id, data }: Frame, replacer?: Replacer): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data, replacer)}\n\n`;

/** The event streams that are open on this server. */
export class Streams {
  readonly #most: number;
  readonly #replacer: Replacer | undefined;
  readonly #closers = new Set<() => void>();

  /**
   * @param most  streams at a time; further ones are refused with 429
   * @param replacer  for JSON
   */
  constructor(most: number, replacer?: Replacer) {
    this.#most = most;
    this.#replacer = replacer;
  }

  get open(): number {
    return this.#closers.size;
  }

  /**
   * Answers with a stream of events, which ends with `frames` or when the reader is gone.
   *
   * @param frames  told to stop by the signal it is given
   */
  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    frames: (signal: AbortSignal) => AsyncIterable<Frame>,
    { heartbeat = true }: { heartbeat?: boolean } = {},
  ): Promise<void> {
    if (this.#closers.size >= this.#most) {
      throw new RefusedError(429, 'streams', `${this.#most} event streams are open already`, {
        hint: 'close some; one stream at /v1/events tells of all jobs',
      });
    }
    const gone = new AbortController();
    const { raw } = reply;
    const write = (frame: Frame) => {
      if (raw.destroyed || raw.writableEnded) return;
      raw.write(written(frame, this.#replacer));
      if (raw.writableLength > MOST_UNREAD_BYTES) raw.destroy();
    };
    const close = () => {
      write({ event: 'shutdown', data: { type: 'shutdown', at: new Date().toISOString() } });
      gone.abort();
    };
    this.#closers.add(close);
    const beating = setInterval(() => {
      if (heartbeat) write({ event: 'heartbeat', data: { type: 'heartbeat', at: new Date().toISOString() } });
    }, HEARTBEAT_MS).unref();
    raw.on('close', () => gone.abort());
    raw.on('error', () => gone.abort()); // the reader went while it was written to
    reply.hijack();
    const headers = reply.getHeaders() as Record<string, string>;
    raw.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      // A proxy that collects an answer before it passes it on would show a run when it is over.
      'x-accel-buffering': 'no',
    });
    raw.flushHeaders();
    try {
      for await (const frame of frames(gone.signal)) {
        if (raw.destroyed) break;
        write(frame);
      }
    } catch (error) {
      if (!gone.signal.aborted) request.log.warn({ err: error }, 'an event stream broke off');
    } finally {
      clearInterval(beating);
      this.#closers.delete(close);
      gone.abort();
      raw.end();
    }
  }

  /** Says goodbye to every reader. */
  close(): void {
    for (const close of this.#closers) close();
  }
}
