import { checkImages } from '../tensor/check.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { NoiseEstimate } from './estimator.ts';
import type { AlphaBar, NoiseSource, Timestep } from './process.ts';

/** What is seen in x at a level: the estimate, and the clean picture that follows from it, thresholded. */
export interface Seen {
  readonly estimate: NoiseEstimate;
  readonly x0: Tensor;
}

/** A step that was taken, as a multistep method looks back at it: where it left from, and what was seen there. */
export interface Past {
  readonly t: Timestep;
  readonly x: Tensor;
  readonly x0: Tensor;
}

/** One step of a run, before it is taken: x at t, what was seen in it, where it goes, and where it comes from. */
export interface Step extends Seen {
  /** Of t in the run's timesteps. */
  readonly index: number;
  readonly t: Timestep;
  readonly tNext: Timestep;
  readonly x: Tensor;
  /** The steps before, the last one first, as far back as any method looks. */
  readonly past: readonly Past[];
}

/** Another look at any x and t: a call of the network. */
export type Look = (x: Tensor, t: Timestep) => Promise<Seen>;

/** Where a step leads, and, of a method that changes x before it leaves it, from where, and what was seen there. */
export interface Move {
  readonly from: Tensor;
  readonly to: Tensor;
  readonly x0?: Tensor;
}

/**
 * x_t → x_t′. It remembers nothing: what a method needs of earlier steps is in `step.past`, so that a run can be taken
 * up again at any step. One that needs more estimates than the step's asks for them with `look`.
 */
export type Sampler = (
  step: Step,
  alphaBar: AlphaBar,
  noise: NoiseSource,
  look: Look,
) => Tensor | Move | Promise<Tensor | Move>;

/** A step taken: from where, what was seen there, and where to. */
export async function takeStep(
  sampler: Sampler,
  step: Step,
  ...run: [AlphaBar, NoiseSource, Look]
): Promise<Required<Move>> {
  const { x: from, x0 } = step;
  const move = await sampler(step, ...run);
  const taken = { from, x0, ...('to' in move ? move : { to: move }) };
  checkImages('what the sampler gives', taken.to);
  return taken;
}
