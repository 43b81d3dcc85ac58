import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Job as BullJob,
  createPostgresBackend,
  type JobsOptions,
  type JobType,
  type Processor,
  Queue,
  QueueEvents,
  QueueEventsProducer,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { CampanileError, OutputError, QueueError } from '../errors.ts';
import type { JobEvent, Marks, Outcome, Progress, Recipe } from './job.ts';

/** What BullMQ keeps with a job. Ids and parameters only: never pictures or tokens. */
export interface Data {
  readonly recipe: Recipe;
  readonly createdAt: string;
  /** Microseconds; the order of lists. */
  readonly order: number;
  readonly cancel: boolean;
  readonly marks?: Marks;
}

/** What BullMQ calls progress: told to every process at once. */
export interface Told {
  readonly progress?: Progress;
  readonly event?: JobEvent;
  /** To the worker: stop. */
  readonly cancel?: true;
}

export interface Result {
  readonly outcome: Outcome;
  readonly finishedAt: string;
}

export type KeptJob = BullJob<Data, Result>;
export type Processed = (job: KeptJob, token: string) => Promise<Result>;

/** BullMQ's classes are typed by their database; these are the parts that are used of them, on either. */
interface Part {
  on(event: string, listener: (...args: never[]) => void): unknown;
  close(): Promise<void>;
}
export interface EngineQueue extends Part {
  add(name: string, data: Data, options: JobsOptions): Promise<KeptJob>;
  getJob(id: string): Promise<KeptJob | undefined>;
  getJobs(types: JobType[], start: number, end: number, ascending: boolean): Promise<KeptJob[]>;
  getJobLogs(id: string, start: number, end: number): Promise<{ logs: string[]; count: number }>;
  clean(graceMs: number, limit: number, type: 'completed' | 'failed'): Promise<string[]>;
  getJobCounts(...types: JobType[]): Promise<Record<string, number>>;
  waitUntilReady(): Promise<unknown>;
  disconnect(): Promise<void>;
}
/** A queue that nobody works: its jobs are Idempotency-Keys. */
export interface EngineKeys extends Part {
  add(name: string, data: Tied, options: JobsOptions): Promise<unknown>;
  getJob(id: string): Promise<BullJob<Tied> | undefined>;
  clean(graceMs: number, limit: number, type: 'wait'): Promise<string[]>;
  waitUntilReady(): Promise<unknown>;
  disconnect(): Promise<void>;
}

/** What was sent with a key. */
export interface Tied {
  readonly digest: string;
}

export interface EngineWorker extends Part {
  run(): Promise<void>;
  pause(doNotWaitActive: boolean): Promise<void>;
  resume(): void;
}
export interface EngineEvents extends Part {
  run(): Promise<void>;
}
export interface EngineProducer {
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
  publishEvent(event: { eventName: string }): Promise<void>;
}
export type Tuning = Pick<
  WorkerOptions,
  'concurrency' | 'lockDuration' | 'stalledInterval' | 'maxStalledCount'
>;

/** BullMQ's parts, on one database. */
export interface BullEngine {
  queue(): EngineQueue;
  keys(): EngineKeys;
  worker(processed: Processed, tuning: Tuning): EngineWorker;
  events(): EngineEvents;
  producer(): EngineProducer;
  /** What was never connected looks for the database no more: BullMQ's parts do not end such a search when they are closed. */
  giveUp(): void;
}

/**
 * @param url  `redis://…`, `rediss://…` or `postgres://…`
 * @param name  of the queue: several can share a database
 */
export function engineAt(url: string, name: string): BullEngine {
  return /^rediss?:/.test(url) ? redis(url, name) : postgres(url, name);
}

const streams = { events: { maxLen: 5000 } };

function redis(url: string, name: string): BullEngine {
  let over = false;
  const retryStrategy = (times: number) => (over ? null : Math.min(50 * 2 ** times, 1000));
  // Who asks wants an answer now, even a bad one; who works waits until the database is back.
  const asking = {
    url,
    retryStrategy,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    connectTimeout: 5000,
  };
  const waiting = { url, retryStrategy, maxRetriesPerRequest: null };
  return {
    queue: () => new Queue<KeptJob>(name, { connection: asking, streams }),
    keys: () => new Queue<BullJob<Tied>>(`${name}-keys`, { connection: asking }),
    worker: (processed, tuning) =>
      new Worker(name, processed as Processor, { connection: waiting, autorun: false, ...tuning }),
    events: () => new QueueEvents(name, { connection: waiting, autorun: false }),
    producer: () => new QueueEventsProducer(name, { connection: waiting }),
    giveUp: () => {
      over = true;
    },
  };
}

function postgres(connectionString: string, name: string): BullEngine {
  const connection = { connectionString, schema: 'campanile', connectionTimeoutMillis: 5000, migrate: true };
  const on = createPostgresBackend;
  return {
    queue: () => new Queue(name, { connection, streams }, on),
    keys: () => new Queue(`${name}-keys`, { connection }, on),
    worker: (processed, tuning) =>
      new Worker(name, processed as Processor, { connection, autorun: false, ...tuning }, on),
    events: () => new QueueEvents(name, { connection, autorun: false }, on),
    producer: () => new QueueEventsProducer(name, { connection }, on),
    giveUp: () => {},
  };
}

/** Returns when events are really heard: what happens before the first read of their stream would be missed. */
export async function heard(engine: BullEngine, events: EngineEvents): Promise<void> {
  const producer = engine.producer();
  producer.on('error', () => {});
  const hello = new AbortController();
  events.on('hello', () => hello.abort());
  while (!hello.signal.aborted) {
    await producer.publishEvent({ eventName: 'hello' });
    await sleep(20, undefined, { signal: hello.signal }).catch(() => {});
  }
  await producer.close();
}

/** What a database says when it cannot, in the queue's own words. */
export function asQueueError(error: unknown): unknown {
  if (error instanceof CampanileError) return error;
  const { message = String(error), code } = error as { message?: string; code?: string };
  if (message.includes('MISCONF') || message.includes('No space left') || code === '53100') {
    return new OutputError('disk-full', 'the database of the queue cannot write', {
      hint: 'free some space on its disk; what was accepted before is safe',
      cause: error,
    });
  }
  return new QueueError('unreachable', `the queue cannot be reached: ${message}`, {
    hint: 'start the database, or correct --queue; jobs that were accepted go on when it is back',
    cause: error,
  });
}

/** How the queue of many machines does its work. */
export interface BullmqOptions {
  readonly name?: string;
  /** A worker that is silent for so long has lost its job; 30 000. */
  readonly lockMs?: number;
  /** How often lost jobs are looked for; 5000. */
  readonly stalledMs?: number;
  /** Ended jobs that are remembered; 1000. Their events are kept with them. */
  readonly keepEnded?: number;
}
