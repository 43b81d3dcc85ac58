import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CampanileError, OutputError } from '../errors.ts';
import type { ComputeInfo, ComputeSettings, FromCompute, ToCompute } from './compute-messages.ts';
import type { JobError, Recipe, RunningEvent } from './job.ts';
import { Requeue, WorkerLost } from './queue.ts';

export interface ComputeOptions extends Omit<ComputeSettings, 'pictures' | 'stepBytes'> {
  /** See `ComputeSettings`; 256 MB. */
  readonly stepBytes?: number | undefined;
  /** See `ComputeSettings`; true. */
  readonly pictures?: boolean;
  /** Arguments of Node for the process; those of this one by default. */
  readonly execArgv?: readonly string[];
  /** How long a cancelled run may take to come to the end of its step before its process is killed; 30 000. */
  readonly stepMs?: number;
}

const STEP_BYTES = 256e6;

const script = fileURLToPath(new URL(import.meta.url.replace(/compute(\.[jt]s)$/, 'compute-process$1')));

/** A process that computes. It may die at any time; then `run` throws `WorkerLost`. */
export class Compute {
  readonly info: ComputeInfo;
  readonly #child: ChildProcess;
  readonly #stepMs: number;

  private constructor(child: ChildProcess, info: ComputeInfo, stepMs: number) {
    this.#child = child;
    this.info = info;
    this.#stepMs = stepMs;
  }

  /** @throws {CampanileError} when the checkpoint cannot be opened; {WorkerLost} when the process dies of it */
  static async start({
    execArgv,
    stepMs = 30_000,
    pictures = true,
    stepBytes = STEP_BYTES,
    ...settings
  }: ComputeOptions): Promise<Compute> {
    const { CAMPANILE_TOKEN: _, ...env } = process.env; // a secret it has no use for
    const child = fork(script, {
      ...(execArgv ? { execArgv: [...execArgv] } : {}),
      env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const info = await conversation<ComputeInfo>(
      child,
      { type: 'open', settings: { ...settings, pictures, stepBytes } },
      (message, resolve) => {
        if (message.type === 'ready') resolve(message.info);
      },
    ).catch((error) => {
      child.kill('SIGKILL');
      throw error;
    });
    return new Compute(child, info, stepMs);
  }

  get alive(): boolean {
    return this.#child.connected && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /**
   * Runs a recipe; `tell` is given its events one after the other.
   *
   * @throws what the run throws; {WorkerLost} when the process dies; {Requeue} when the disk is full
   */
  async run(
    recipe: Recipe,
    signal: AbortSignal,
    tell: (event: RunningEvent) => Promise<void>,
  ): Promise<void> {
    signal.throwIfAborted();
    let telling = Promise.resolve();
    let patience: NodeJS.Timeout | undefined;
    const cancel = () => {
      if (this.alive) this.#child.send({ type: 'cancel' } satisfies ToCompute);
      patience ??= setTimeout(() => this.kill(), this.#stepMs);
    };
    signal.addEventListener('abort', cancel);
    try {
      await conversation<void>(this.#child, { type: 'run', recipe }, (message, resolve) => {
        if (message.type === 'end') resolve();
        if (message.type !== 'event') return;
        telling = telling.then(() => tell(message.event));
        telling.catch(cancel); // nobody wants to hear of it: the run is brought to its end
      });
    } finally {
      clearTimeout(patience);
      signal.removeEventListener('abort', cancel);
      await telling;
    }
    signal.throwIfAborted();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** Sends a message and listens until the answer is complete, the child reports an error, or dies. */
function conversation<T>(
  child: ChildProcess,
  message: ToCompute,
  hear: (message: FromCompute, resolve: (value: T) => void) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const lost = (how: string) => over(() => reject(new WorkerLost(`the computing process ${how}`)));
    const onExit = (code: number | null, signal: string | null) =>
      lost(`ended with ${signal ?? `code ${code}`}`);
    const onError = (error: Error) => lost(`failed: ${error.message}`);
    const onMessage = (heard: FromCompute) => {
      if (heard.type === 'error') over(() => reject(asError(heard.error)));
      else hear(heard, (value) => over(() => resolve(value)));
    };
    const over = (then: () => void) => {
      child.off('exit', onExit).off('error', onError).off('message', onMessage);
      then();
    };
    child.on('exit', onExit).on('error', onError).on('message', onMessage);
    if (child.connected) child.send(message);
    else lost('is gone');
  });
}

function asError({ code, message, hint, status }: JobError): Error {
  if (code === 'disk-full' || code === 'store-unreachable') return new Requeue(message);
  const options = hint === undefined ? {} : { hint };
  return code === 'cannot-write'
    ? new OutputError(code, message, options)
    : Object.assign(new CampanileError(code, message, options), status ? { status } : {});
}
