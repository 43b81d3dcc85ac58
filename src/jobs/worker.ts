import { Compute, type ComputeOptions } from './compute.ts';
import type { ComputeInfo } from './compute-messages.ts';
import type { Recipe, RunningEvent } from './job.ts';

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
