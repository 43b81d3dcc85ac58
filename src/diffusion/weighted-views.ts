import { checkFunction, checkList, checkNumber } from '../tensor/check.ts';
import { type Tensor, weightedSum } from '../tensor/tensor.ts';
import type { NoiseEstimator } from './estimator.ts';
import { checkView, type View } from './view.ts';

/** One of the sides of an anagram: how much it counts, how the picture is seen, and what should be seen then. */
export type WeightedView = readonly [weight: number, view: View, estimator: NoiseEstimator];

/**
 * An anagram whose sides do not count alike: what is easy to draw leaves room for what is hard.
 *
 *     ε = Σ wᵢ·viewᵢ⁻¹(εᵢ(viewᵢ(x_t), t)) / Σ wᵢ
 *
 * With weights of 1 this is the mean of `averageViews`, bit for bit.
 */
export function weightedViews(...sides: readonly WeightedView[]): NoiseEstimator {
  checkList('sides', sides, 'at least one [weight, view, estimator]');
  for (const side of sides) {
    checkList('side', side, '[weight, view, estimator]');
    checkNumber('weight', side[0], { above: 0 });
    checkView(side[1]);
    checkFunction('estimator', side[2]);
  }
  const total = sides.reduce((sum, [weight]) => sum + weight, 0);
  return async (x, t) => {
    const estimates = await Promise.all(
      sides.map(async ([weight, view, estimator]) => {
        const { noise, variance } = await estimator(view.apply(x), t);
        return {
          share: weight / total,
          noise: view.invert(noise),
          variance: variance && view.invertVariance(variance),
        };
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
