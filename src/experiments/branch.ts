import type { Step } from '../diffusion/sampler.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** A run up to where a branch leaves it: its values, which of its walks, and how many of that walk's steps are taken. */
export interface Fork {
  readonly params: Readonly<Record<string, unknown>>;
  /** 0 for the first walk of the run. */
  readonly walk: number;
  readonly step: number;
}

/** A branch of a branch of a branch …: more forks than anybody follows. */
export const MOST_FORKS = 8;

/** What can be branched: values, and the forks that lie before them, the first one first. */
export interface BranchableRecipe {
  readonly params: Readonly<Record<string, unknown>>;
  readonly from?: readonly Fork[] | undefined;
}

/** Whether a fork stands at or before another: in an earlier walk, or not after it in the same one. */
const standsBefore = (a: Omit<Fork, 'params'>, b: Omit<Fork, 'params'>): boolean =>
  a.walk < b.walk || (a.walk === b.walk && a.step <= b.step);

/**
 * The forks of a branch that leaves `recipe` at a step. Where the recipe is a branch itself and the step stands before its
 * own, the branch is one of what it came from: the same picture has one recipe.
 */
export function forksOf(recipe: BranchableRecipe, at: Omit<Fork, 'params'>): readonly Fork[] {
  let [params, from] = [recipe.params, recipe.from ?? []];
  for (let last = from.at(-1); last && standsBefore(at, last); last = from.at(-1))
    [params, from] = [last.params, from.slice(0, -1)];
  return [...from, { params, ...at }];
}

/** The first fork that does not stand after the one before it; −1 when all do. */
export const disorderIn = (forks: readonly Fork[]): number =>
  forks.findIndex((fork, i) => i > 0 && standsBefore(fork, forks[i - 1]!));

/** A walk as it was taken: its steps, and where it ended, if it was followed to its end. */
export interface Walked {
  readonly stage: 'base' | 'upscaler';
  readonly label: string;
  readonly count: number;
  readonly steps: Step[];
  result?: Tensor;
}

/** The walks of one run, as they are taken; those of a branch begin with what it shares with the run that it left. */
export class Walks {
  readonly taken: Walked[] = [];
  readonly #shared: readonly Walked[];
  readonly #at: Omit<Fork, 'params'>;

  /** @param shared  the walks of the run that is left, at least up to the fork */
  constructor(shared: readonly Walked[] = [], at: Omit<Fork, 'params'> = { walk: 0, step: 0 }) {
    this.#shared = shared;
    this.#at = at;
  }

  /**
   * Begins the next walk.
   *
   * @returns its place among the walks, and what is shared of it: the steps before the fork and the one that begins there, or
   * the whole of a walk before that of the fork
   */
  begin(walk: Omit<Walked, 'steps' | 'result'>): {
    walked: Walked;
    shared: readonly Step[];
    result?: Tensor;
  } {
    const index = this.taken.length;
    const walked: Walked = { ...walk, steps: [] };
    this.taken.push(walked);
    const before = this.#shared[index];
    if (!before || index > this.#at.walk) return { walked, shared: [] };
    if (index < this.#at.walk) return { walked, shared: before.steps, result: before.result! };
    return { walked, shared: before.steps.slice(0, this.#at.step + 1) };
  }
}
