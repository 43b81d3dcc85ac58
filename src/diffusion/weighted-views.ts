import { ArgumentError } from '../errors.ts';
import { checkFunction, checkList, checkNumber } from '../tensor/check.ts';
import { type Tensor, weightedSum } from '../tensor/tensor.ts';
import type { NoiseEstimator } from './estimator.ts';
import type { Timestep } from './process.ts';
import { checkView, type View } from './view.ts';

/** How much a side counts: above 0, the same throughout a run; or by noise level, and then 0 where it does not count at all. */
export type SideWeight = number | ((t: Timestep) => number);

/** One of the sides of an anagram: how much it counts, how the picture is seen, and what should be seen then. */
export type WeightedView = readonly [weight: SideWeight, view: View, estimator: NoiseEstimator];

/**
 * An anagram whose sides do not count alike: what is easy to draw leaves room for what is hard.
 *
 *     ε = Σ wᵢ(t)·viewᵢ⁻¹(εᵢ(viewᵢ(x_t), t)) / Σ wᵢ(t)
 *
 * With weights of 1 this is the mean of `averageViews`, bit for bit. A side that weighs nothing at some t is not asked there.
 *
 * @throws {ArgumentError} for a weight that is out of range; later, when none of the sides counts at some t
 */
export function weightedViews(...sides: readonly WeightedView[]): NoiseEstimator {
  checkList('sides', sides, 'at least one [weight, view, estimator]');
  for (const side of sides) {
    checkList('side', side, '[weight, view, estimator]');
    if (typeof side[0] !== 'function') checkNumber('weight', side[0], { above: 0 });
    checkView(side[1]);
    checkFunction('estimator', side[2]);
  }
  return async (x, t) => {
    const estimates = await Promise.all(
      sharesAt(sides, t).map(async ([share, view, estimator]) => {
        const { noise, variance } = await estimator(view.apply(x), t);
        return { share, noise: view.invert(noise), variance: variance && view.invertVariance(variance) };
      }),
    );
    const known = estimates.every(({ variance }) => variance);
    const combined = (part: (estimate: (typeof estimates)[number]) => Tensor) =>
      weightedSum(...estimates.map((estimate) => [estimate.share, part(estimate)] as const));
    return {
      noise: combined(({ noise }) => noise),
      variance: known ? combined(({ variance }) => variance!) : undefined,
    };
  };
}

/** The sides that count at a noise level, with their shares of the whole. */
function sharesAt(sides: readonly WeightedView[], t: Timestep) {
  checkNumber('t', t);
  const weights = sides.map(([weight]) => (typeof weight === 'function' ? weight(t) : weight));
  for (const weight of weights) checkNumber(`weight at t = ${t}`, weight, { min: 0 });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) throw new ArgumentError(`weights at t = ${t}`, weights, 'one of them above 0');
  return sides
    .map(([, view, estimator], i) => [weights[i]! / total, view, estimator] as const)
    .filter(([share]) => share > 0);
}
