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
 * @see https://github.com/dangeng/visual_anagrams, samplers.py: reduction "alternate"
 */
export function alternatingViews(...sides: readonly SeenSide[]): NoiseEstimator {
  checkSides(sides);
  let step = 0;
  return (x, t) => throughView(sides[step++ % sides.length]!, x, t);
}

/** What `balancedViews` looks at, and how it answers. */
export interface Balancing {
  readonly alphaBar: AlphaBar;
  /** How much each side is seen in a clean picture, as the picture lies upright: the gains of a verdict. */
  readonly evidence: (picture: Tensor) => Promise<readonly number[]>;
  /** How much the sides count where all are seen alike; the same without it. */
  readonly weights?: readonly number[];
  /** Steps from one look at x̂₀ to the next. */
  readonly every?: number;
  /** τ, in units of the evidence: a side that is weaker by τ gets e times the weight. */
  readonly temperature?: number;
}

/** After how many steps `balancedViews` looks again, when nothing else is said. */
export const LOOKS_EVERY = 3;

/**
 * An anagram that looks at itself on the way, and gives more weight to the side that is seen less in x̂₀.
 *
 *     wᵢ ∝ w⁰ᵢ·exp(−Sᵢ(x̂₀)/τ),  ε = Σ wᵢ·viewᵢ⁻¹(εᵢ(viewᵢ(x_t), t))
 *
 * Each look goes half of the way, so that weights do not swing. It remembers them, so each run wants one of its own.
 */
export function balancedViews(sides: readonly SeenSide[], balancing: Balancing): NoiseEstimator {
  checkSides(sides);
  checkObject('balancing', balancing, '{ alphaBar, evidence, weights, every, temperature }');
  const { alphaBar, evidence, every = LOOKS_EVERY, temperature = 0.05 } = balancing;
  const { weights: prior = sides.map(() => 1) } = balancing;
  checkFunction('alphaBar', alphaBar);
  checkFunction('evidence', evidence);
  checkList('weights', prior);
  for (const weight of prior) checkNumber('weight', weight, { above: 0 });
  checkNumber('every', every, { min: 1, whole: true });
  checkNumber('temperature', temperature, { above: 0 });
  let weights = shares(prior);
  let step = 0;
  return async (x, t) => {
    const estimates = await Promise.all(sides.map((side) => throughView(side, x, t)));
    if (step++ % every === every - 1) {
      const x0 = staticThreshold(1)(predictX0(x, weighed(estimates, weights).noise, alphaBar(t)));
      const seen = await evidence(x0);
      checkList('evidence', seen);
      const least = Math.min(...seen);
      const wanted = shares(prior.map((w, i) => w * Math.exp((least - seen[i]!) / temperature)));
      weights = weights.map((w, i) => (w + wanted[i]!) / 2);
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

/** Shares of the whole. */
function shares(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

const squares = ({ data }: Tensor): number => data.reduce((total, value) => total + value ** 2, 0);

function checkSides(sides: readonly (readonly unknown[])[]): void {
  checkList('sides', sides, 'at least one pair of view and estimator');
  for (const side of sides) {
    checkList('side', side, 'a pair of view and estimator');
    checkView(side[0] as View);
    checkFunction('estimator', side[1]);
  }
}
