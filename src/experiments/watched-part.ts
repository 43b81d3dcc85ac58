import type { RecentWalks } from './branching.ts';
import type { Figure, RunEvent } from './experiment.ts';
import { StepKeeper } from './kept-steps.ts';
import { type TracePoint, tracePoint } from './trace.ts';

/** Who keeps the steps of walks. */
export interface Keeping {
  /** Most bytes of the kept steps of one walk. */
  readonly walkBytes: number;
  /** Keeps them, and says by which name they are found. */
  keep(file: Uint8Array<ArrayBuffer>): Promise<string | undefined>;
  readonly recent: RecentWalks;
}

type Told = RunEvent & { type: 'step' };

interface Under {
  readonly told: Told;
  readonly index: number;
  readonly keeper: StepKeeper | undefined;
  kept?: Promise<string | undefined>;
  /** Pictures of the batch that were shown. */
  shown: number;
}

/** A part while it is run: how long each picture took, what the steps looked like, and where they are kept. */
export class WatchedPart {
  readonly #hash: string;
  readonly #keeping: Keeping | undefined;
  readonly #left: Partial<Figure['walk']>;
  readonly #trace: TracePoint[] = [];
  #walk: Under | undefined;
  readonly #clock: () => number;
  #since: number;
  #batch: { left: number; seconds: number } | undefined;
  #pictures = 1;

  /**
   * @param clock  in milliseconds
   * @param left  of a branch: the part that it left, and where
   */
  constructor(hash: string, clock: () => number, keeping?: Keeping, left?: Partial<Figure['walk']>) {
    [this.#hash, this.#clock, this.#keeping, this.#left] = [hash, clock, keeping, left];
    this.#since = clock();
  }

  get trace(): readonly TracePoint[] {
    return [...this.#trace];
  }

  hear(event: Told): void {
    this.#pictures = event.step.x.shape[0]!;
    this.#trace.push(tracePoint(event.label, event.step));
    if (event.index === 0 || this.#walk?.told.label !== event.label)
      this.#walk = {
        told: event,
        index: (this.#walk?.index ?? -1) + 1,
        keeper: this.#keeping && new StepKeeper(this.#keeping.walkBytes),
        shown: 0,
      };
    this.#walk.keeper?.hear(event);
  }

  /** A figure with the time it took, and the walk that ended in it. The pictures of one batch were made together: each took its share. */
  async finished(figure: Figure): Promise<Figure> {
    if (!this.#batch?.left)
      this.#batch = {
        left: this.#pictures,
        seconds: (this.#clock() - this.#since) / 1000 / this.#pictures,
      };
    this.#batch.left--;
    this.#pictures = 1;
    const { seconds } = this.#batch;
    const walk = await this.#walkOf(figure);
    this.#since = this.#clock();
    return { ...figure, seconds: figure.seconds ?? seconds, ...(walk && { walk }) };
  }

  /** What was made has a seed, what was given has none. */
  async #walkOf({ seed }: Figure): Promise<Figure['walk']> {
    const now = this.#walk;
    if (!this.#keeping || !now || seed === undefined) return undefined;
    const file = now.kept ? undefined : now.keeper?.file();
    now.kept ??= file ? this.#keeping.keep(file) : Promise.resolve(undefined);
    const kept = await now.kept;
    const { label, stage, count, step } = now.told;
    const at = Math.min(now.shown++, step.x.shape[0]! - 1);
    const { index } = now;
    return { index, label, stage, count, at, part: this.#hash, ...this.#left, ...(kept && { kept }) };
  }
}
