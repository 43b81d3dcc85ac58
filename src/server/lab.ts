import { mkdir } from 'node:fs/promises';
import type { Closable } from '../closable.ts';
import type { ComputeInfo } from '../jobs/compute-messages.ts';
import { openQueue } from '../jobs/open-queue.ts';
import { openStore } from '../jobs/open-store.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { tidyUp } from '../jobs/retention.ts';
import { type ArtifactStore, FolderStore } from '../jobs/store.ts';
import { storing } from '../jobs/storing.ts';
import { computeOptions, type WorkerOptions, workWith } from '../jobs/work.ts';
import { ComputePool } from '../jobs/worker.ts';

export interface LabOptions {
  /** Where experiments and checkpoint come from, for the processes that compute. */
  readonly environment: WorkerOptions['environment'];
  /** Where the queue and the pictures are kept, unless `queue` and `store` say otherwise. */
  readonly stateDir: string;
  readonly queue?: string | undefined;
  readonly store?: string | undefined;
  /** Jobs that this process runs at a time; 1. With 0, `campanile worker` must run somewhere. */
  readonly workers?: number | undefined;
  /** How long a job under way may go on when the server is stopped; 5000. Then it goes back to the queue. */
  readonly graceMs?: number | undefined;
  /** Days after which ended jobs and their pictures are forgotten; absent: the latest 10 000 stay. */
  readonly keepDays?: number | undefined;
  /** Most bytes of the steps that are kept to be looked at, of all walks together; 256 MB, 0 for none. */
  readonly stepBytes?: number | undefined;
  readonly execArgv?: readonly string[] | undefined;
}

const DAY_MS = 86_400_000;

/** What stands behind the routes: a queue, a store, and processes that compute. */
export class Lab implements Closable {
  readonly queue: JobQueue;
  readonly store: ArtifactStore;
  readonly #options: LabOptions;
  readonly #stop = new AbortController();
  #started: Promise<void> | undefined;
  #pool: ComputePool | undefined;
  #failure: unknown;
  #working: Promise<void> = Promise.resolve();
  #tidying: Promise<void> = Promise.resolve();
  #daily: NodeJS.Timeout | undefined;

  private constructor(queue: JobQueue, store: ArtifactStore, options: LabOptions) {
    this.queue = queue;
    this.store = store;
    this.#options = options;
  }

  /** @throws {CampanileError} what the queue and the store throw */
  static async open(options: LabOptions): Promise<Lab> {
    const { stateDir } = options;
    await storing(stateDir, () => mkdir(stateDir, { recursive: true, mode: 0o700 }));
    const queue = await openQueue(options.queue, stateDir);
    try {
      const store = await openStore(options.store, stateDir);
      if (!options.store && store instanceof FolderStore) await store.tidy();
      return new Lab(queue, store, options);
    } catch (error) {
      await queue.close();
      throw error;
    }
  }

  /**
   * Undefined until the checkpoint is open.
   *
   * @throws what prevented its opening
   */
  readonly info = (): ComputeInfo | undefined => {
    if (this.#failure) throw this.#failure;
    return this.#pool?.info;
  };

  /**
   * Opens the checkpoint and begins to work; once, however often it is asked.
   *
   * @throws {CampanileError} when the checkpoint cannot be opened
   */
  start(warn: (error: unknown, message: string) => void): Promise<void> {
    this.#started ??= this.#start(warn).catch((error) => {
      this.#failure = error;
      throw error;
    });
    return this.#started;
  }

  async #start(warn: (error: unknown, message: string) => void): Promise<void> {
    const { workers = 1, graceMs = 5000, keepDays, execArgv = process.execArgv } = this.#options;
    const { queue, store } = this;
    const { signal } = this.#stop;
    const pool = await ComputePool.open(computeOptions({ ...this.#options, execArgv }));
    if (signal.aborted || workers === 0) pool.close(); // what it is was all that was asked of it
    if (signal.aborted) return;
    this.#pool = pool;
    if (workers > 0) this.#working = workWith(queue, store, pool, { signal, concurrency: workers, graceMs });
    const wanted = pool.info.pictures.map(({ object }) => object);
    const tidy = () => {
      this.#tidying = tidyUp(queue, store, { keepDays, wanted, signal }).catch((error) => {
        if (!signal.aborted) warn(error, 'old jobs and pictures were not removed');
      });
    };
    tidy();
    this.#daily = setInterval(tidy, DAY_MS).unref();
  }

  /** Takes no more jobs; the ones under way have their grace. */
  stop(): void {
    clearInterval(this.#daily);
    this.#stop.abort();
  }

  async close(): Promise<void> {
    this.stop();
    await Promise.all([this.#working, this.#tidying]);
    this.#pool?.close();
    await this.queue.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
