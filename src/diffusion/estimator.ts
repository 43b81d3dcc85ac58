import { checkFunction, checkList, checkNumber } from '../tensor/check.ts';
import { mean, type Tensor, weightedSum } from '../tensor/tensor.ts';
import type { Timestep } from './process.ts';

/** ε, and the raw v in [-1, 1] of a model that learned its variance as a range. */
export interface NoiseEstimate {
  readonly noise: Tensor;
  readonly variance?: Tensor | undefined;
  /** What it was put together from, where it is the guided estimate of one prompt: for whoever looks at a step closely. */
  readonly guidance?: Guidance | undefined;
}

/** ε_c, ε_u and γ of a guided estimate. */
export interface Guidance {
  readonly conditional: Tensor;
  readonly unconditional: Tensor;
  readonly scale: number;
}

/** What this project turns around: the noise in x, seen at level t. x is [N, 3, H, W]. */
export type NoiseEstimator = (x: Tensor, t: Timestep) => Promise<NoiseEstimate>;

/** γ, the same throughout a run or by noise level. */
export type GuidanceScale = number | ((t: Timestep) => number);

/**
 * Classifier-free guidance: away from what the network sees without the prompt. The variance is the conditional one.
 *
 *     ε = ε_u + γ·(ε_c − ε_u) = (1−γ)·ε_u + γ·ε_c
 *
 * With γ = 1 the unconditional branch has no weight and is not asked.
 *
 * @param guidanceScale  γ, or a function of t, as `guidanceInterval` makes one
 * @see Ho, Salimans 2022, arXiv 2207.12598, eq. 6 (there w = γ − 1)
 */
export function guided(
  conditional: NoiseEstimator,
  unconditional: NoiseEstimator,
  guidanceScale: GuidanceScale,
): NoiseEstimator {
  checkFunction('conditional', conditional, 'an estimator: (x, t) => Promise<{ noise }>');
  checkFunction('unconditional', unconditional, 'an estimator: (x, t) => Promise<{ noise }>');
  const scaleAt = typeof guidanceScale === 'function' ? guidanceScale : () => guidanceScale;
  if (typeof guidanceScale !== 'function') checkNumber('guidanceScale', guidanceScale);
  if (guidanceScale === 1) return conditional;
  return async (x, t) => {
    checkNumber('t', t);
    const scale = scaleAt(t);
    checkNumber(`guidanceScale at t = ${t}`, scale);
    if (scale === 1) return conditional(x, t);
    const [c, u] = await Promise.all([conditional(x, t), unconditional(x, t)]);
    return {
      noise: weightedSum([1 - scale, u.noise], [scale, c.noise]),
      variance: c.variance,
      guidance: { conditional: c.noise, unconditional: u.noise, scale },
    };
  };
}

/**
 * Asked again about the same x at the same t, it gives the answer it gave: what several estimates share is computed once.
 * The last answer alone is kept, and x counts as the same when it is the same object.
 */
export function remembering(estimator: NoiseEstimator): NoiseEstimator {
  checkFunction('estimator', estimator);
  let last: { x: Tensor; t: Timestep; answer: Promise<NoiseEstimate> } | undefined;
  return (x, t) => {
    if (!last || last.x !== x || last.t !== t) last = { x, t, answer: estimator(x, t) };
    return last.answer;
  };
}

/**
 * The mean of the raw variances v of several estimates, [N, C, H, W]; absent when one of them is.
 *
 * @throws {ArgumentError} when there is none to take the mean of
 */
export function meanVariance(estimates: readonly NoiseEstimate[]): Tensor | undefined {
  checkList('estimates', estimates);
  const variances = estimates.map((e) => e.variance).filter((v) => v !== undefined);
  return variances.length === estimates.length ? mean(variances) : undefined;
}
