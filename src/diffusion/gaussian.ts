import { checkFunction, checkNumber } from '../tensor/check.ts';
import { map } from '../tensor/tensor.ts';
import type { NoiseEstimator } from './estimator.ts';
import type { AlphaBar } from './process.ts';

/**
 * The exact estimator of pictures whose pixels are independent and normal: what a perfect network would answer. It
 * stands in for the network where whole runs are tested against known answers.
 *
 *     ε = √(1−ᾱ)·(x − √ᾱ·μ) / (ᾱ·s² + 1 − ᾱ)
 */
export function gaussianEstimator(mean: number, deviation: number, alphaBar: AlphaBar): NoiseEstimator {
  checkNumber('mean', mean);
  checkNumber('deviation', deviation, { min: 0 });
  checkFunction('alphaBar', alphaBar);
  return async (x, t) => {
    const a = alphaBar(t);
    const scale = Math.sqrt(1 - a) / (a * deviation ** 2 + 1 - a);
    return { noise: map(x, (value) => scale * (value - Math.sqrt(a) * mean)) };
  };
}
