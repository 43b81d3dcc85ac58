import { NumericError } from '../errors.ts';
import { checkFunction, checkImages, checkList, checkNumber, checkObject } from '../tensor/check.ts';
import { findNonFinite, type Tensor } from '../tensor/tensor.ts';
import type { NoiseEstimator } from './estimator.ts';
import type { Projection } from './inpaint.ts';
import { type AlphaBar, type NoiseSource, predictX0, type Timestep } from './process.ts';
import { type Look, type Sampler, type Step, takeStep } from './sampler.ts';
import { checkTimesteps } from './schedule.ts';
import { noThreshold, type Threshold } from './threshold.ts';

/** What a run is made of. */
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

/** Where a run stands before a step: what has to be kept of a step, beside the options, to go on from there. */
export type Standing = Pick<Step, 'x' | 'index' | 'past'>;

/** How many steps back a step knows. No method here looks further. */
const LOOKS_BACK = 2;

/**
 * Walks x down `timesteps`, yielding each step before it is taken; returns x at the last level. Progress, preview,
 * trace and tests are consumers of this loop. Aborts between steps.
 *
 * @param x  at the first level of `timesteps`: [N, 3, H, W]
 * @throws {RecipeError} when `timesteps` is empty, does not fall strictly, or leaves the training range
 * @throws {ArgumentError} when an option is no function, or x no picture
 * @throws {NumericError} when x has, or the network answers with, infinity or not-a-number
 */
export const denoise = (x: Tensor, options: DenoiseOptions): AsyncGenerator<Step, Tensor> =>
  resumeDenoising({ x, index: 0, past: [] }, options);

/**
 * Goes on from a step that was kept, as `denoise` would have from there: with the options of that run the picture is
 * the same, bit for bit. The estimator is asked about that step once more. A run that draws noise needs its source
 * too, or one that has been `asked` the same (`noiseStream`).
 *
 * @param kept  a step of the run, or its x, index and past
 * @throws  as `denoise` does
 */
export async function* resumeDenoising(
  kept: Standing,
  options: DenoiseOptions,
): AsyncGenerator<Step, Tensor> {
  checkRun(kept, options);
  const {
    estimator,
    alphaBar,
    timesteps,
    sampler,
    noise,
    threshold = noThreshold,
    project,
    signal,
  } = options;
  const look: Look = async (x, t) => {
    const estimate = await estimator(x, t);
    checkImages('the estimate', estimate?.noise);
    const x0 = threshold(predictX0(x, estimate.noise, alphaBar(t)));
    if (findNonFinite(x0) >= 0)
      throw new NumericError(
        'not-finite',
        `${findNonFinite(x) < 0 ? "the network's answer" : 'x'} at t = ${t} is not finite`,
      );
    return { estimate, x0 };
  };
  let { x, past } = kept;
  for (let index = kept.index; index < timesteps.length - 1; index++) {
    signal?.throwIfAborted();
    const [t, tNext] = [timesteps[index]!, timesteps[index + 1]!];
    const step: Step = { index, t, tNext, x, past, ...(await look(x, t)) };
    yield step;
    const { from, x0, to } = await takeStep(sampler, step, alphaBar, noise, look);
    past = [{ t, x: from, x0 }, ...past].slice(0, LOOKS_BACK);
    x = project ? project(to, tNext) : to;
  }
  return x;
}

function checkRun(kept: Standing, options: DenoiseOptions): void {
  checkObject('options', options, '{ estimator, alphaBar, timesteps, sampler, noise }');
  const { estimator, alphaBar, timesteps, sampler, noise, threshold, project } = options;
  for (const [name, f] of Object.entries({ estimator, alphaBar, sampler, noise })) checkFunction(name, f);
  for (const [name, f] of Object.entries({ threshold, project }))
    if (f !== undefined) checkFunction(name, f, 'a function, or undefined');
  checkTimesteps(timesteps, alphaBar);
  checkObject('step', kept, '{ x, index, past }');
  checkImages('x', kept.x);
  checkNumber('index', kept.index, { min: 0, max: timesteps.length - 1, whole: true });
  if (kept.index > 0) checkList('past', kept.past, 'the steps before');
}

/**
 * Runs a walk to its end.
 *
 * @returns the picture at its end, [N, C, H, W]
 * @throws what the walk throws: of its estimator, or the reason of its signal
 */
export async function resultOf<T>(walk: AsyncGenerator<unknown, T>): Promise<T> {
  checkFunction('walk.next', walk?.next, 'that of a walk, as denoise gives one');
  for (;;) {
    const { done, value } = await walk.next();
    if (done) return value;
  }
}
