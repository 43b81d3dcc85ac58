import { checkFunction, checkList, checkObject } from '../tensor/check.ts';
import { mean, type Tensor } from '../tensor/tensor.ts';
import { meanVariance, type NoiseEstimator } from './estimator.ts';

/**
 * An orthogonal map of the picture: invert(apply(x)) = x, and lengths are kept, so that noise stays noise. The learned
 * variance has places but no direction: permutations move it, signs leave it alone.
 */
export interface View {
  /** By which `viewNamed` finds it. */
  readonly name: string;
  /** What the viewer does to see it, as the page says it. */
  readonly gesture: string;
  /** CSS that shows the turn, where a transform can. */
  readonly css?: string | undefined;
  /** The picture as it is seen: [N, 3, H, W] for any N. */
  apply(x: Tensor): Tensor;
  /** The picture, or the noise, that is seen so. */
  invert(x: Tensor): Tensor;
  /** The learned variance of the picture that is seen so. */
  invertVariance(v: Tensor): Tensor;
}

/**
 * One picture, several prompts, each seen through its view: visual anagrams.
 *
 *     ε = mean over i of viewᵢ⁻¹(εᵢ(viewᵢ(x_t), t))
 *
 * @see Geng, Park, Owens 2024, "Visual Anagrams", arXiv 2311.17919, eq. 4
 */
export function averageViews(...views: readonly (readonly [View, NoiseEstimator])[]): NoiseEstimator {
  checkList('views', views, 'at least one pair of view and estimator');
  for (const pair of views) {
    checkList('view', pair, 'a pair of view and estimator');
    checkView(pair[0]);
    checkFunction('estimator', pair[1]);
  }
  return async (x, t) => {
    const estimates = await Promise.all(
      views.map(async ([view, estimator]) => {
        const { noise, variance } = await estimator(view.apply(x), t);
        return { noise: view.invert(noise), variance: variance && view.invertVariance(variance) };
      }),
    );
    return { noise: mean(estimates.map((e) => e.noise)), variance: meanVariance(estimates) };
  };
}

/** @throws {ArgumentError} unless `view` has the three maps of a view */
export function checkView(view: View): void {
  checkObject('view', view, 'a view, as views.flip');
  for (const name of ['apply', 'invert', 'invertVariance'] as const)
    checkFunction(`view.${name}`, view[name]);
}
