import { QueueError } from '../errors.ts';
import type { ComputeOptions } from './compute.ts';
import type { EnvironmentSource } from './environment.ts';
import { handlerOf } from './handler.ts';
import { openQueue } from './open-queue.ts';
import { openStore } from './open-store.ts';
import type { JobQueue, WorkOptions } from './queue.ts';
import type { ArtifactStore } from './store.ts';
import { ComputePool } from './worker.ts';

export interface WorkerOptions {
  /** `redis://…` or `postgres://…`: the queue that the machines share. */
  readonly queue: string;
  /** A folder that the machines share, or `s3://bucket/prefix`. */
  readonly store: string;
  readonly stateDir: string;
  readonly environment: EnvironmentSource;
  /** Jobs at a time; 1. */
  readonly concurrency?: number;
  readonly graceMs?: number;
  /** Most bytes of the steps that are kept, of all walks together; 256 MB, 0 for none. */
  readonly stepBytes?: number | undefined;
  /** Told when the checkpoint is open and the queue reached. */
  readonly onReady?: () => void;
  readonly execArgv?: readonly string[];
}

/**
 * `campanile worker`: takes jobs from a shared queue until `signal` aborts.
 *
 * @throws {QueueError} when the queue is not one that can be shared, or cannot be reached
 */
export async function work(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  if (!/^(rediss?|postgres(ql)?):\/\//.test(options.queue)) {
    const found = options.queue ? `found "${options.queue}"` : 'none was given';
    throw new QueueError('queue-url', `a worker needs a queue that can be shared, ${found}`, {
      hint: 'give --queue redis://… or postgres://…; a queue of files is worked by its server alone',
      status: 400,
    });
  }
  if (!options.store) {
    throw new QueueError('store', 'a worker needs a store that can be shared', {
      hint: 'give --store, a folder that all machines see, or s3://bucket/prefix',
      status: 400,
    });
  }
  const store = await openStore(options.store, options.stateDir);
  using pool = await ComputePool.open(computeOptions(options));
  await using queue = await openQueue(options.queue, options.stateDir);
  const { concurrency = 1, graceMs, onReady } = options;
  onReady?.();
  await workWith(queue, store, pool, {
    signal,
    concurrency,
    ...(graceMs === undefined ? {} : { graceMs }),
  });
}

export const workWith = (
  queue: JobQueue,
  store: ArtifactStore,
  pool: ComputePool,
  options: WorkOptions,
): Promise<void> => queue.work(handlerOf(pool, store), options);

export const computeOptions = (
  options: Pick<WorkerOptions, 'stateDir' | 'environment' | 'execArgv' | 'stepBytes'> & {
    store?: string | undefined;
  },
): ComputeOptions => ({
  environment: options.environment.module,
  settings: options.environment.settings,
  store: options.store,
  stateDir: options.stateDir,
  stepBytes: options.stepBytes,
  ...(options.execArgv ? { execArgv: options.execArgv } : {}),
});
