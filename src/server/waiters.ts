import type { JobQueue } from '../jobs/queue.ts';
import { RefusedError } from './problem.ts';

interface Waited {
  waiting: number;
  /** Made for those who wait, and for nobody else. */
  borrowed: boolean;
}

/**
 * Who waits for which job. What was made for those who wait is cancelled when none of them is left: a job may be several
 * clients' at once, since equal recipes are one job.
 */
export class Waiters {
  readonly #queue: Pick<JobQueue, 'cancel' | 'events'>;
  readonly #most: number;
  #waiting = 0;
  readonly #jobs = new Map<string, Waited>();
  /** Jobs whose last waiter has left, until they have ended. */
  readonly #ending = new Map<string, Promise<void>>();

  /** @param most  who wait at a time, for all jobs together */
  constructor(queue: Pick<JobQueue, 'cancel' | 'events'>, most: number) {
    this.#queue = queue;
    this.#most = most;
  }

  /** @throws {RefusedError} 429 when so many wait already */
  expectRoom(): void {
    if (this.#waiting < this.#most) return;
    throw new RefusedError(429, 'waiters', `${this.#most} clients wait for pictures already`, {
      hint: 'send it again when some have theirs, or POST /v1/jobs and come back for it',
      retryAfterSeconds: 5,
    });
  }

  /** Resolves when a job that nobody waited for has come to its end, and may be asked for anew. */
  async settled(id: string): Promise<void> {
    await this.#ending.get(id);
  }

  /**
   * One more waits.
   *
   * @param created  the job was made for this one
   * @param watching  it only looks on, through a stream, of which there are only so many
   * @returns leaves; a second call does nothing
   */
  enter(id: string, created: boolean, watching = false): () => Promise<void> {
    const job = this.#jobs.get(id) ?? { waiting: 0, borrowed: created };
    if (created) job.borrowed = true;
    job.waiting++;
    if (!watching) this.#waiting++;
    this.#jobs.set(id, job);
    let left = false;
    return async () => {
      if (left) return;
      left = true;
      if (!watching) this.#waiting--;
      if (--job.waiting > 0) return;
      this.#jobs.delete(id);
      if (job.borrowed) await this.#end(id);
    };
  }

  /** Somebody wants the job for its own sake: it stays, whoever leaves. */
  keep(id: string): void {
    const job = this.#jobs.get(id);
    if (job) job.borrowed = false;
  }

  async #end(id: string): Promise<void> {
    const ended = async () => {
      await this.#queue.cancel(id);
      for await (const _ of this.#queue.events(id, 0, AbortSignal.timeout(60_000))); // to its end
    };
    const ending = ended()
      .catch(() => {}) // the queue is away: there is nobody to tell
      .finally(() => this.#ending.delete(id));
    this.#ending.set(id, ending);
    await ending;
  }
}
