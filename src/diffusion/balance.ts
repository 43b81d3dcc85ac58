import { checkFunction, checkList, checkNumber, checkObject, checkTensor } from '../tensor/check.ts';
import { type Tensor, weightedSum } from '../tensor/tensor.ts';
import { meanVariance, type NoiseEstimate, type NoiseEstimator } from './estimator.ts';
import { type AlphaBar, predictX0 } from './process.ts';
import { staticThreshold } from './threshold.ts';
import { checkView, type View } from './view.ts';

/** One side of an anagram: how the picture is seen, and what should be seen then. */
export type SeenSide = readonly [view: View, estimator: NoiseEstimator];

/**
 * An anagram whose sides take turns, a step each: none is averaged away, and each undoes a little of the one before.
 * It counts its steps, so each run wants one of its own.
 *
 *     ε = viewₖ⁻¹(εₖ(viewₖ(x_t), t)),  k = step mod n
 *
 * @see Geng, Park, Owens 2024, "Visual Anagrams", arXiv 2311.17919, appendix: alternating
 */
export function alternatingViews(...sides: readonly SeenSide[]): NoiseEstimator {
  checkSides(sides);
  let step = 0;
  return (x, t) => throughView(sides[step++ % sides.length]!, x, t);
}

/** A side that can be judged: how much better its prompt explains a clean picture, as seen, than no prompt does. */
export type JudgedSide = readonly [
  view: View,
  estimator: NoiseEstimator,
  evidence: (seen: Tensor) => Promise<number>,
];

export interface Balancing {
  readonly alphaBar: AlphaBar;
  /** Steps from one look at x̂₀ to the next: each look costs the calls of all evidence. */
  readonly every?: number;
  /** τ, in units of the evidence: a side that is weaker by τ gets e times the weight. */
  readonly temperature?: number;
}

/**
 * An anagram that looks at itself on the way, and gives more weight to the side that is seen less in x̂₀.
 *
 *     wᵢ ∝ exp(−Sᵢ(viewᵢ(x̂₀))/τ),  ε = Σ wᵢ·viewᵢ⁻¹(εᵢ(viewᵢ(x_t), t))
 *
 * Of two looks the mean counts, so that weights do not swing. All are alike until the first look. It remembers its weights,
 * so each run wants one of its own.
 */
export function balancedViews(sides: readonly JudgedSide[], balancing: Balancing): NoiseEstimator {
  checkSides(sides);
  for (const side of sides) checkFunction('evidence', side[2]);
  checkObject('balancing', balancing, '{ alphaBar, every, temperature }');
  const { alphaBar, every = 3, temperature = 0.05 } = balancing;
  checkFunction('alphaBar', alphaBar);
  checkNumber('every', every, { min: 1, whole: true });
  checkNumber('temperature', temperature, { above: 0 });
  let weights = sides.map(() => 1 / sides.length);
  let step = 0;
  return async (x, t) => {
    const estimates = await Promise.all(
      sides.map(([view, estimator]) => throughView([view, estimator], x, t)),
    );
    if (step++ % every === every - 1) {
      const { noise } = weighed(estimates, weights);
      const x0 = staticThreshold(1)(predictX0(x, noise, alphaBar(t)));
      const evidence = await Promise.all(sides.map(([view, , judge]) => judge(view.apply(x0))));
      weights = mean(weights, softmin(evidence, temperature));
    }
    return weighed(estimates, weights);
  };
}

/**
 * Noise that is a mean of several estimates, made as long as they are: what they do not agree on cancels, and a mean of n
 * independent ones has 1/n of the variance, which the sampler takes for a picture that is nearly clean.
 *
 *     ε ← ε·√(mean‖εᵢ‖² / ‖ε‖²)
 */
export function rectified(noise: Tensor, estimates: readonly Tensor[]): Tensor {
  checkTensor('noise', noise);
  checkList('estimates', estimates);
  for (const one of estimates) checkTensor('estimate', one);
  const energy = estimates.reduce((total, one) => total + squares(one), 0) / estimates.length;
  return weightedSum([Math.sqrt(energy / (squares(noise) || 1)), noise]);
}

/** An estimator through its view: what it sees, turned back. */
async function throughView([view, estimator]: SeenSide, x: Tensor, t: number): Promise<NoiseEstimate> {
  const { noise, variance } = await estimator(view.apply(x), t);
  return { noise: view.invert(noise), variance: variance && view.invertVariance(variance) };
}

const weighed = (estimates: readonly NoiseEstimate[], weights: readonly number[]): NoiseEstimate => ({
  noise: weightedSum(...estimates.map(({ noise }, i) => [weights[i]!, noise] as const)),
  variance: meanVariance(estimates),
});

function softmin(values: readonly number[], temperature: number): number[] {
  const least = Math.min(...values);
  const powers = values.map((value) => Math.exp((least - value) / temperature));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

const mean = (a: readonly number[], b: readonly number[]): number[] =>
  a.map((value, i) => (value + b[i]!) / 2);

const squares = ({ data }: Tensor): number => data.reduce((total, value) => total + value ** 2, 0);

function checkSides(sides: readonly (readonly unknown[])[]): void {
  checkList('sides', sides, 'at least one pair of view and estimator');
  for (const side of sides) {
    checkList('side', side, 'a pair of view and estimator');
    checkView(side[0] as View);
    checkFunction('estimator', side[1]);
  }
}
