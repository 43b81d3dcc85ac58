import { EventEmitter, on } from 'node:events';
import { isFinal, type JobEvent } from './job.ts';

/** Hands the events of this process's queue to whoever listens. */
export class EventHub {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  /** Whoever follows a job reads its record again: a message on the way may have been lost, the record is not. */
  lookAgain(): void {
    for (const name of this.#emitter.eventNames())
      if (String(name).startsWith('job:')) this.#emitter.emit(name, LOOK_AGAIN);
  }

  publish(event: JobEvent): void {
    this.#emitter.emit(`job:${event.job}`, event);
    this.#emitter.emit('all', event);
  }

  async *live(signal: AbortSignal): AsyncGenerator<JobEvent> {
    try {
      for await (const [event] of on(this.#emitter, 'all', { signal })) yield event as JobEvent;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /**
   * What is known already, then what comes; nothing twice, nothing from a run that another one has overtaken. Ends after
   * a final event; who comes back after the end is told it again.
   */
  async *follow(
    id: string,
    since: number,
    signal: AbortSignal,
    replay: () => Promise<readonly JobEvent[]>,
  ): AsyncGenerator<JobEvent> {
    const listening = new AbortController();
    const live = on(this.#emitter, `job:${id}`, { signal: AbortSignal.any([signal, listening.signal]) });
    try {
      const fence = new Fence();
      const known = sinceSubmitted((await replay()).filter((event) => fence.passes(event)));
      const last = known.at(-1);
      const over = last !== undefined && isFinal(last.type);
      for (const event of known) if (event.seq > since || (over && event === last)) yield event;
      if (over) return;
      for await (const [told] of live as AsyncIterable<[JobEvent | typeof LOOK_AGAIN]>) {
        const missed = told === LOOK_AGAIN || fence.misses(told) ? sinceSubmitted(await replay()) : [];
        for (const event of told === LOOK_AGAIN ? missed : [...missed, told]) {
          if (!fence.passes(event)) continue;
          if (event.seq > since) yield event;
          if (isFinal(event.type)) return;
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      listening.abort();
      live.return?.();
    }
  }
}

/** A job that was sent again after it had ended has an end in its past, which is nobody's business any more. */
function sinceSubmitted(events: readonly JobEvent[]): readonly JobEvent[] {
  const end = events.slice(0, -1).findLastIndex((event) => isFinal(event.type));
  return events.slice(end + 1);
}

const LOOK_AGAIN = Symbol('look again');

/** Lets through rising numbers of the latest attempt. */
class Fence {
  #seq = 0;
  #attempt = 0;
  /** Whether something must have been told before this that has not come. */
  misses({ seq, attempt }: JobEvent): boolean {
    return attempt >= this.#attempt && seq > this.#seq + 1;
  }
  passes({ seq, attempt }: JobEvent): boolean {
    if (seq <= this.#seq || attempt < this.#attempt) return false;
    this.#seq = seq;
    this.#attempt = attempt;
    return true;
  }
}
