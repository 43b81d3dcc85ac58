import type { Closable } from '../closable.ts';
import { CampanileError, PictureError, QueueError, RecipeError } from '../errors.ts';
import type { Job, JobError, JobEvent, JobState, Marks, Outcome, Recipe, RunningEvent } from './job.ts';

/** How often a job may take its worker down before it is given up. */
export const MAX_ATTEMPTS = 3;

/**
 * Jobs, first come first served. What `submit` has answered survives the death of any process; a job is run at least
 * once and told of by one run only: events of an overtaken run are dropped.
 */
export interface JobQueue extends Closable {
  /**
   * Puts a job in the queue. A job with that id that waits, runs or is done is left as it is; one that failed or was
   * cancelled is queued again.
   *
   * @param id  see `jobId`
   * @throws {QueueError} `busy` while the job is being cancelled, `unreachable`
   * @throws {OutputError} `disk-full`; then nothing is queued
   */
  submit(id: string, recipe: Recipe): Promise<Submitted>;
  /**
   * Ties a client's Idempotency-Key to what came with it, for a day at least: the first one counts, whichever server it
   * reached and whatever was restarted since.
   *
   * @returns what the key is tied to: `digest`, unless another came first
   */
  tie(key: string, digest: string): Promise<string>;
  get(id: string): Promise<Job | undefined>;
  /** Newest first. */
  list(query: ListQuery): Promise<JobPage>;
  /**
   * A waiting job is cancelled at once, a running one within a step; one that has ended stays as it is.
   *
   * @returns the job as it is by then: a run may end before its cancelling is on the disk
   */
  cancel(id: string): Promise<Job | undefined>;
  /**
   * Gives a job and its figures titles and stars, or takes them away: see `marked`.
   *
   * @returns undefined when there is no such job
   */
  mark(id: string, marks: Marks): Promise<Job | undefined>;
  /**
   * Forgets a job that has ended; its pictures are the store's affair.
   *
   * @returns whether there was one
   * @throws {QueueError} `busy` while it waits or runs
   */
  remove(id: string): Promise<boolean>;
  /** Events after `since`, then live ones; ends after a final one. */
  events(id: string, since: number, signal: AbortSignal): AsyncGenerator<JobEvent>;
  /** Events of all jobs from now on. */
  live(signal: AbortSignal): AsyncGenerator<JobEvent>;
  /** Forgets jobs that ended before, but of a folder's those with a star; their pictures are the store's affair. */
  forget(before: Date): Promise<void>;
  /** How many wait and run. */
  depth(): Promise<Depth>;
  /** Runs jobs until `signal` aborts and the last one has ended or gone back to the queue. */
  work(handler: Handler, options: WorkOptions): Promise<void>;
  /** @throws {QueueError} when the queue cannot be reached */
  ping(): Promise<void>;
}

export interface Submitted {
  readonly job: Job;
  /** False: it was there already. */
  readonly created: boolean;
}

/** How many jobs wait, and how many run. */
export interface Depth {
  readonly queued: number;
  readonly running: number;
}

export interface ListQuery {
  readonly limit: number;
  readonly before?: string | undefined;
  readonly state?: JobState | undefined;
  readonly experiment?: string | undefined;
  readonly starred?: boolean | undefined;
}

export interface JobPage {
  readonly jobs: Job[];
  /** `before` of the next page. */
  readonly next?: string;
}

export interface WorkOptions {
  readonly signal: AbortSignal;
  /** Jobs at a time; 1. */
  readonly concurrency?: number;
  /** How long a job under way may go on after `signal` has aborted; 5000. */
  readonly graceMs?: number;
  /** After a `Requeue`, how long this worker takes nothing; 5000. */
  readonly pauseMs?: number;
}

/** One run of a job. */
export interface Claim {
  readonly job: Job;
  readonly attempt: number;
  /** Aborts with an `Interruption`. */
  readonly signal: AbortSignal;
  /** @throws {Interruption} when the run has been overtaken */
  emit(event: RunningEvent): Promise<void>;
}

/**
 * Does a job. Throw `Requeue` to give it back untouched and `WorkerLost` to have it tried again, three times at most;
 * anything else thrown is its failure.
 */
export type Handler = (claim: Claim) => Promise<Outcome>;

/** Why a run must stop: its job was cancelled, this process is going, or another worker has taken the job over. */
export class Interruption extends Error {
  readonly why: 'cancelled' | 'shutdown' | 'overtaken';
  constructor(why: Interruption['why']) {
    super(`the run was interrupted: ${why}`);
    this.name = 'AbortError';
    this.why = why;
  }
}

/** The run could not be carried out now, through no fault of the job: it waits again. */
export class Requeue extends Error {
  override name = 'Requeue';
}

/** The process that computed is gone. */
export class WorkerLost extends Error {
  override name = 'WorkerLost';
}

/** What becomes of a job after a run. */
export type Settled =
  | Outcome
  | { readonly type: 'again'; readonly reason: string; readonly pause: boolean }
  | { readonly type: 'lost'; readonly reason: string }
  | { readonly type: 'overtaken' };

/** Runs the handler and says what becomes of the job: the rules are the same for every queue. */
export async function settle(handler: Handler, claim: Claim): Promise<Settled> {
  try {
    return await handler(claim);
  } catch (error) {
    const why = claim.signal.reason instanceof Interruption ? claim.signal.reason.why : undefined;
    if (why === 'overtaken') return { type: 'overtaken' };
    if (why === 'cancelled') return { type: 'cancelled' };
    if (why === 'shutdown') return { type: 'again', reason: 'its worker was stopped', pause: false };
    if (error instanceof Requeue) return { type: 'again', reason: error.message, pause: true };
    if (error instanceof WorkerLost) return { type: 'lost', reason: error.message };
    return { type: 'failed', error: toJobError(error) };
  }
}

/** Aborts the run when this process is going and the grace is over. */
export function interruptOnShutdown(run: AbortController, signal: AbortSignal, graceMs = 5000): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => run.abort(new Interruption('shutdown')), graceMs);
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal.removeEventListener('abort', begin);
    },
  };
}

export const toJobError = (error: unknown): JobError => {
  const { code, message, hint } = error as { code?: unknown; message?: unknown; hint?: unknown };
  const atFault =
    error instanceof RecipeError ||
    error instanceof PictureError ||
    (error instanceof CampanileError && error.status === 422);
  return {
    code: typeof code === 'string' ? code : 'internal',
    message: typeof message === 'string' ? message : String(error),
    ...(typeof hint === 'string' ? { hint } : {}),
    ...(atFault ? { status: 422 } : {}),
  };
};

/** The end of a job that took its workers down. */
export const lostWorker = (reason: string): Outcome => ({
  type: 'failed',
  error: {
    code: 'lost-worker',
    message: `the job was begun ${MAX_ATTEMPTS} times and its worker was lost each time: ${reason}`,
    hint: 'send it again; if it happens again, give the machine more memory or the job less to do',
  },
});

export const busyCancelling = (id: string) =>
  new QueueError('busy', `job ${id.slice(0, 12)}… is still being cancelled`, {
    hint: 'send it again in a second',
    status: 409,
  });

/** Only what has ended can be forgotten. */
export const stillBusy = (id: string, state: JobState) =>
  new QueueError('busy', `job ${id.slice(0, 12)}… is ${state}`, {
    hint: 'cancel it first, and remove it when it has ended',
    status: 409,
  });
