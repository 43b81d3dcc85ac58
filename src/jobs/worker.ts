import { OutputError } from '../errors.ts';
import { Compute, type ComputeOptions } from './compute.ts';
import type { ComputeInfo } from './compute-messages.ts';
import type { FigureInfo, Outcome, Recipe, RunningEvent } from './job.ts';
import { type Handler, Requeue } from './queue.ts';
import type { ArtifactStore } from './store.ts';

/** Computing processes, started when they are needed and again when they die. */
export class ComputePool implements Disposable {
  readonly info: ComputeInfo;
  readonly #options: ComputeOptions;
  readonly #idle: Compute[];
  readonly #all = new Set<Compute>();

  private constructor(options: ComputeOptions, first: Compute) {
    this.#options = options;
    this.info = first.info;
    this.#idle = [first];
    this.#all.add(first);
  }

  /** @throws {CampanileError} when the checkpoint cannot be opened */
  static async open(options: ComputeOptions): Promise<ComputePool> {
    return new ComputePool(options, await Compute.start(options));
  }

  async run(
    recipe: Recipe,
    signal: AbortSignal,
    tell: (event: RunningEvent) => Promise<void>,
  ): Promise<void> {
    const compute = await this.#take();
    try {
      await compute.run(recipe, signal, tell);
    } finally {
      if (compute.alive) this.#idle.push(compute);
      else this.#all.delete(compute);
    }
  }

  async #take(): Promise<Compute> {
    for (;;) {
      const idle = this.#idle.pop();
      if (!idle) break;
      if (idle.alive) return idle;
      this.#all.delete(idle);
    }
    const compute = await Compute.start({ ...this.#options, pictures: false });
    this.#all.add(compute);
    return compute;
  }

  close(): void {
    for (const compute of this.#all) compute.kill();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * What a worker does with a job: run it, unless its result is known, and publish what it made. The manifest comes last; a
 * job that was taken over meanwhile finds the other's, and both tell the same.
 */
export function handlerOf(pool: Pick<ComputePool, 'run'>, store: ArtifactStore): Handler {
  return async ({ job, signal, emit }) => {
    const known = await asRequeue(store.manifest(job.id));
    if (known) return { type: 'done', figures: known.figures, cached: true, seconds: known.seconds };
    const began = performance.now();
    const figures: FigureInfo[] = [];
    await pool.run(job.recipe, signal, async (event) => {
      if (event.type === 'figure') figures.push(event.figure);
      await emit(event);
    });
    const seconds = Math.round(performance.now() - began) / 1000;
    const mine: Outcome = { type: 'done', figures, cached: false, seconds };
    if (await asRequeue(store.publish(job.id, { recipe: job.recipe, figures, seconds }))) return mine;
    const first = await asRequeue(store.manifest(job.id));
    return first ? { ...mine, figures: first.figures } : mine;
  };
}

/** A store that cannot write now can later: the job waits. */
async function asRequeue<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof OutputError) throw new Requeue(error.message, { cause: error });
    throw error;
  }
}
