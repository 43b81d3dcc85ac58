import { isFinal, type Job } from '../jobs/job.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { RefusedError } from './problem.ts';

interface Waited {
  waiting: number;
  /** Made for those who wait, and for nobody else. */
  borrowed: boolean;
}

type WaitedQueue = Pick<JobQueue, 'cancel' | 'events' | 'tie'>;

/** What the job's key of the queue is tied to: whoever comes first, another server's client or the end of the last here. */
const SHARED = 'shared';
const LEFT = 'left';

/** Of one life of a job; a line break keeps it apart from the keys that clients send. */
const keyOf = ({ id, createdAt }: Job): string => `waiters\n${id} ${createdAt}`;

/**
 * Who waits for which job. What was made for those who wait is cancelled when none of them is left: a job may be several
 * clients' at once, since equal recipes are one job. Each server counts its own; a job that clients of several servers have
 * asked for runs to its end.
 */
export class Waiters {
  readonly #queue: WaitedQueue;
  readonly #most: number;
  #waiting = 0;
  readonly #jobs = new Map<string, Waited>();
  /** Jobs whose last waiter has left, until they have ended. */
  readonly #ending = new Map<string, Promise<void>>();

  /** @param most  who wait at a time, for all jobs together */
  constructor(queue: WaitedQueue, most: number) {
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
   * Tells the other servers of a queue that a job which was there already is wanted here, too.
   *
   * @returns false: it is being cancelled, since nobody waits for it any more
   */
  async join(job: Job): Promise<boolean> {
    if (this.#jobs.has(job.id) || isFinal(job.state)) return true;
    return (await this.#queue.tie(keyOf(job), SHARED)) === SHARED;
  }

  /** Resolves when a job has come to its end, or in a minute. */
  async over(id: string): Promise<void> {
    for await (const _ of this.#queue.events(id, 0, AbortSignal.timeout(60_000)));
  }

  /**
   * One more waits.
   *
   * @param created  the job was made for this one
   * @param watching  it only looks on, through a stream, of which there are only so many
   * @returns leaves; a second call does nothing
   */
  enter(asked: Job, created: boolean, watching = false): () => Promise<void> {
    const { id } = asked;
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
      if (job.borrowed) await this.#end(asked);
    };
  }

  /** Somebody wants the job for its own sake: it stays, whoever leaves. */
  keep(id: string): void {
    const job = this.#jobs.get(id);
    if (job) job.borrowed = false;
  }

  async #end(job: Job): Promise<void> {
    const { id } = job;
    const ended = async () => {
      if ((await this.#queue.tie(keyOf(job), LEFT)) !== LEFT) return;
      await this.#queue.cancel(id);
      await this.over(id);
    };
    const ending = ended()
      .catch(() => {}) // the queue is away: there is nobody to tell
      .finally(() => this.#ending.delete(id));
    this.#ending.set(id, ending);
    await ending;
  }
}
