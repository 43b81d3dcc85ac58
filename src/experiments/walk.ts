import type { Prompted } from '../diffusion/cascade.ts';
import { type DenoiseOptions, denoise } from '../diffusion/denoise.ts';
import { guided, type NoiseEstimator } from '../diffusion/estimator.ts';
import type { NoiseSource } from '../diffusion/process.ts';
import { ddpm } from '../diffusion/samplers.ts';
import { endingClean, spaced } from '../diffusion/schedule.ts';
import type { View } from '../diffusion/views.ts';
import type { Upscaler } from '../models/model.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { RunEvent } from './experiment.ts';
import { NOTHING } from './params.ts';

/** A walk with its steps as events; gives back where it ended. */
export async function* walk(
  label: string,
  x: Tensor,
  options: DenoiseOptions,
): AsyncGenerator<RunEvent, Tensor> {
  const count = options.timesteps.length - 1;
  const steps = denoise(x, options);
  for (let index = 0; ; index++) {
    const { done, value } = await steps.next();
    if (done) return value;
    yield { type: 'step', label, index, count, step: value };
  }
}

/** ε of a prompt in one stage, pushed away from that of no prompt at all. */
export const prompted = (
  stage: Prompted,
  prompt: string,
  guidanceScale: number,
  view?: View,
): NoiseEstimator => guided(stage(prompt, view), stage(NOTHING, view), guidanceScale);

export interface EnlargeOptions {
  readonly upscaler: Upscaler;
  readonly noise: NoiseSource;
  readonly upscaleSteps: number;
  readonly upscaleGuidance: number;
  readonly noiseLevel: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Stage II: the same composition of prompts, views and components as stage I had, once more at the larger size. Draws
 * in diffusers' order: x_T, the noise of the condition, then the steps.
 *
 * @param image  [N, 3, s, s] of stage I
 */
export async function* enlarge(
  label: string,
  image: Tensor,
  compose: (stage: Prompted, guidanceScale: number) => NoiseEstimator,
  { upscaler, noise, upscaleSteps, upscaleGuidance, noiseLevel, signal }: EnlargeOptions,
): AsyncGenerator<RunEvent, Tensor> {
  const size = upscaler.sampleSize;
  const larger: NoiseSource = (purpose, t, shape = [3, size, size]) => noise(`stage II ${purpose}`, t, shape);
  const timesteps = endingClean(spaced(upscaleSteps));
  const start = larger('start', timesteps[0]!);
  const stage = upscaler.conditioned(image, noiseLevel, larger);
  return yield* walk(`${label}, stage II`, start, {
    estimator: compose(stage, upscaleGuidance),
    alphaBar: upscaler.alphaBar,
    threshold: upscaler.threshold,
    timesteps,
    sampler: ddpm(),
    noise: larger,
    signal,
  });
}
