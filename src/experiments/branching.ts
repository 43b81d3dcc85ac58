import { RecipeError } from '../errors.ts';
import { amount } from '../words.ts';
import { disorderIn, type Fork, type Walked, Walks } from './branch.ts';
import type { Experiment, Part, RunContext } from './experiment.ts';
import { type PartRecipe, parseParams, recipeHash, recipeOf } from './recipe.ts';

/** Whether it walks: what is given or computed at once cannot be branched. */
export const draws = ({ calls }: Part): boolean => calls.base + (calls.upscaler ?? 0) > 0;

/** Walks taken lately, as exact as they were, by the hash of their part: branches of them begin at once. */
export class RecentWalks {
  readonly #most: number;
  readonly #walks = new Map<string, { walks: readonly Walked[]; bytes: number }>();

  /** @param mostBytes  of all together; the oldest are forgotten first */
  constructor(mostBytes: number) {
    this.#most = mostBytes;
  }

  /** The walks of the run with this hash, unless they are forgotten. */
  get(hash: string): readonly Walked[] | undefined {
    return this.#walks.get(hash)?.walks;
  }

  /** Keeps the walks of a run, unless they alone are more than all may be. */
  set(hash: string, walks: readonly Walked[]): void {
    this.#walks.delete(hash);
    const bytes = bytesOf(walks);
    if (bytes > this.#most) return;
    this.#walks.set(hash, { walks, bytes });
    let all = [...this.#walks.values()].reduce((sum, one) => sum + one.bytes, 0);
    for (const [oldest, one] of this.#walks) {
      if (all <= this.#most) return;
      this.#walks.delete(oldest);
      all -= one.bytes;
    }
  }
}

function bytesOf(walks: readonly Walked[]): number {
  const buffers = new Set<ArrayBufferLike>();
  for (const { steps } of walks)
    for (const { x, x0, estimate } of steps) {
      const { guidance } = estimate;
      for (const tensor of [
        x,
        x0,
        estimate.noise,
        estimate.variance,
        guidance?.conditional,
        guidance?.unconditional,
      ])
        if (tensor) buffers.add(tensor.data.buffer);
    }
  return [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** What a branch needs: where it leaves which runs, and what it shares with them. */
export class Branching {
  readonly #experiment: Experiment;
  readonly #context: RunContext;
  readonly #digest: (reference: string) => Promise<string>;
  readonly #recent: RecentWalks | undefined;
  readonly #forks: readonly Fork[];
  readonly #parts: readonly Part[];

  /** @throws {RecipeError} when a fork's values are wrong, or make more than one picture's walk */
  constructor(
    experiment: Experiment,
    forks: readonly Fork[],
    context: RunContext,
    digest: (reference: string) => Promise<string>,
    recent?: RecentWalks,
  ) {
    [this.#experiment, this.#context, this.#digest, this.#recent] = [experiment, context, digest, recent];
    const disorder = disorderIn(forks);
    if (disorder > 0)
      throw new RecipeError(
        `from.${disorder}.step`,
        'this fork does not stand after the one before it',
        'a branch that leaves before its own beginning is one of the run before',
      );
    this.#forks = forks.map((fork, i) => ({
      ...fork,
      params: parseParams(experiment, fork.params, {
        called: (path) => ['from', i, 'params', ...path].join('.'),
      }),
    }));
    this.#parts = this.#forks.map(({ params }) => onlyDrawn(experiment, experiment.parts(params, context)));
  }

  /** The recipe of a part that begins with the first `count` forks; all of them when it is not said. */
  async recipe(owner: Experiment, part: Part, count = this.#forks.length): Promise<PartRecipe> {
    const own = await recipeOf(owner, part, this.#context, this.#digest);
    if (count === 0) return own;
    const from = this.#forks.slice(0, count).map(({ walk, step }, i) => {
      const { key, inputs } = this.#parts[i]!;
      return { part: key, inputs, walk, step };
    });
    const before = await Promise.all(
      this.#parts.slice(0, count).map((part) => recipeOf(owner, part, this.#context, this.#digest)),
    );
    const pictures = Object.assign({}, ...before.map((recipe) => recipe.pictures), own.pictures);
    return { ...own, pictures, from };
  }

  /** The hash of the part that was left last: what the branch hangs from in the tree. */
  get before(): Promise<string> {
    return this.#hashOf(this.#forks.length - 1);
  }

  #hashOf = async (i: number): Promise<string> =>
    recipeHash(await this.recipe(this.#experiment, this.#parts[i]!, i));

  /** The walks of a run that begins with the first `count` forks. */
  async walks(count = this.#forks.length): Promise<Walks> {
    return count === 0 ? new Walks() : new Walks(await this.#shared(count - 1), this.#forks[count - 1]);
  }

  /** The walks of a run that was left, at least to where it was left: remembered, or walked again. */
  async #shared(i: number): Promise<readonly Walked[]> {
    const fork = this.#forks[i]!;
    const hash = await this.#hashOf(i);
    const known = this.#recent?.get(hash);
    if (known && reach(known, fork)) return known;
    const walks = await this.walks(i);
    for await (const _ of this.#parts[i]!.run({ ...this.#context, walks })) {
      this.#context.signal?.throwIfAborted();
      if (reach(walks.taken, fork)) break;
    }
    if (!reach(walks.taken, fork)) throw beyond(fork, walks.taken);
    this.#recent?.set(hash, walks.taken);
    return walks.taken;
  }
}

const reach = (walks: readonly Walked[], { walk, step }: Fork): boolean =>
  (walks[walk]?.steps.length ?? 0) > step;

function beyond({ walk, step }: Fork, taken: readonly Walked[]): RecipeError {
  const walked = taken[walk];
  return walked
    ? new RecipeError(
        'from',
        `${amount(step, 'step')} cannot be taken as they were and others after: the walk "${walked.label}" has ${walked.count}`,
      )
    : new RecipeError('from', `the run that is left has ${amount(taken.length, 'walk')} only`);
}

/**
 * The part of a run that draws.
 *
 * @throws {RecipeError} when there is none, or more than one: a branch is of one
 */
export function onlyDrawn(experiment: Experiment, parts: readonly Part[]): Part {
  const drawn = parts.filter(draws);
  const [part] = drawn;
  if (part && drawn.length === 1 && !part.chosen && !part.borrowed) return part;
  throw new RecipeError(
    'from',
    `a branch is of one picture's way, and these values of ${experiment.id} make ${drawn.length}`,
    'give one prompt, one level, one seed: a saved picture carries the values that make it alone',
  );
}
