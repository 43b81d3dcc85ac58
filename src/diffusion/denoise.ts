import { NumericError } from '../errors.ts';
import { findNonFinite, type Tensor } from '../tensor/tensor.ts';
import type { NoiseEstimator } from './estimator.ts';
import type { Projection } from './inpaint.ts';
import { type AlphaBar, type NoiseSource, predictX0, type Timestep } from './process.ts';
import type { Sampler, Step } from './samplers.ts';
import { type Threshold, unchanged } from './threshold.ts';

export interface DenoiseOptions {
  readonly estimator: NoiseEstimator;
  readonly alphaBar: AlphaBar;
  /** Levels visited, falling: n levels are n − 1 steps. Ends in CLEAN for a finished picture. */
  readonly timesteps: readonly Timestep[];
  readonly sampler: Sampler;
  readonly noise: NoiseSource;
  readonly threshold?: Threshold | undefined;
  readonly project?: Projection | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Walks x down `timesteps`, yielding each step before it is taken; returns x at the last level. Progress, preview,
 * trace and tests are consumers of this loop. Aborts between steps.
 *
 * @param x  at the first level of `timesteps`: [N, 3, H, W]
 * @throws {NumericError} when the network answers with infinity or not-a-number
 */
export async function* denoise(x: Tensor, options: DenoiseOptions): AsyncGenerator<Step, Tensor> {
  const { estimator, alphaBar, timesteps, sampler, noise, threshold = unchanged, project, signal } = options;
  for (const [t, tNext] of pairs(timesteps)) {
    signal?.throwIfAborted();
    const estimate = await estimator(x, t);
    const x0 = threshold(predictX0(x, estimate.noise, alphaBar(t)));
    if (findNonFinite(x0) >= 0)
      throw new NumericError('not-finite', `the network's answer at t = ${t} is not finite`);
    const step: Step = { t, tNext, x, x0, estimate };
    yield step;
    x = sampler(step, alphaBar, noise);
    if (project) x = project(x, tNext);
  }
  return x;
}

const pairs = (levels: readonly Timestep[]): [Timestep, Timestep][] =>
  levels.slice(1).map((tNext, i) => [levels[i]!, tNext]);

/** Runs a walk to its end. */
export async function last<T>(walk: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const { done, value } = await walk.next();
    if (done) return value;
  }
}
