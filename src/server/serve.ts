import { mkdir } from 'node:fs/promises';
import { CampanileError } from '../errors.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { openQueue } from '../jobs/open-queue.ts';
import { openStore } from '../jobs/open-store.ts';
import { tidyUp } from '../jobs/retention.ts';
import { FolderStore } from '../jobs/store.ts';
import { storing } from '../jobs/storing.ts';
import { computeOptions, type WorkerOptions, workWith } from '../jobs/work.ts';
import { ComputePool } from '../jobs/worker.ts';
import { type AppOptions, buildApp } from './app.ts';
import { isLoopback } from './guard.ts';
import type { PageOptions } from './pages.ts';

export interface ServeOptions extends PageOptions, Pick<AppOptions, 'limits' | 'logger' | 'version'> {
  readonly experiments: readonly Experiment[];
  readonly environment: WorkerOptions['environment'];
  /** Where the queue and the pictures are kept, unless `queue` and `store` say otherwise. */
  readonly stateDir: string;
  readonly queue?: string | undefined;
  readonly store?: string | undefined;
  /** 127.0.0.1 */
  readonly host?: string | undefined;
  /** 7860; 0 for any free one. */
  readonly port?: number | undefined;
  /** Needed when `host` is not a loopback address. */
  readonly token?: string | undefined;
  readonly allowedHosts?: readonly string[] | undefined;
  /** Jobs that this process runs at a time; 1. With 0, `campanile worker` must run somewhere. */
  readonly workers?: number | undefined;
  /** How long a job under way may go on when the server is stopped; 5000. Then it goes back to the queue. */
  readonly graceMs?: number | undefined;
  /** Days after which ended jobs and their pictures are forgotten; absent: the latest 10 000 stay. */
  readonly keepDays?: number | undefined;
  readonly execArgv?: readonly string[] | undefined;
}

const DAY_MS = 86_400_000;

export interface Running {
  /** `http://127.0.0.1:7860` */
  readonly url: string;
  /** Takes nothing more, lets jobs finish within the grace, says goodbye. */
  close(): Promise<void>;
}

/**
 * `campanile serve`. Resolves when it answers and the checkpoint is open.
 *
 * @throws {CampanileError} `token-needed`, `port`, what the queue, the store and the checkpoint throw
 */
export async function serve(options: ServeOptions): Promise<Running> {
  const { host = '127.0.0.1', port = 7860, token, stateDir, workers = 1, graceMs = 5000 } = options;
  if (!isLoopback(host) && !token) {
    throw new CampanileError(
      'token-needed',
      `a token was expected, since ${host} can be reached from other machines`,
      {
        hint: 'give --token <secret> or set CAMPANILE_TOKEN, or leave --host out',
      },
    );
  }
  await storing(stateDir, () => mkdir(stateDir, { recursive: true, mode: 0o700 }));
  const queue = await openQueue(options.queue, stateDir);
  const stop = new AbortController();
  let pool: ComputePool | undefined;
  let working: Promise<void> = Promise.resolve();
  let tidying: Promise<void> = Promise.resolve();
  let daily: NodeJS.Timeout | undefined;
  const closeAll = async () => {
    clearInterval(daily);
    stop.abort();
    await Promise.all([app?.close(), working, tidying]);
    pool?.close();
    await queue.close();
  };
  let app: Awaited<ReturnType<typeof buildApp>> | undefined;
  try {
    const store = await openStore(options.store, stateDir);
    if (!options.store && store instanceof FolderStore) await store.tidy();
    app = await buildApp({ ...options, host, queue, store, info: () => pool?.info });
    const url = await listen(app, host, port);
    pool = await ComputePool.open(
      computeOptions({ ...options, execArgv: options.execArgv ?? process.execArgv }),
    );
    if (workers > 0)
      working = workWith(queue, store, pool, { signal: stop.signal, concurrency: workers, graceMs });
    else pool.close(); // what it is was all that was asked of it
    const wanted = pool.info.pictures.map(({ object }) => object);
    const tidy = () => {
      tidying = tidyUp(queue, store, { keepDays: options.keepDays, wanted, signal: stop.signal }).catch(
        (error) => {
          if (!stop.signal.aborted) app?.log.warn({ err: error }, 'old jobs and pictures were not removed');
        },
      );
    };
    tidy();
    daily = setInterval(tidy, DAY_MS).unref();
    return { url, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function listen(
  app: Awaited<ReturnType<typeof buildApp>>,
  host: string,
  port: number,
): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new CampanileError('port', `port ${port} is taken by another program`, {
        hint: 'stop it, or give another one with --port',
        cause,
      });
    }
    throw new CampanileError('port', `${host}:${port} cannot be listened on: ${message}`, { cause });
  }
}
