import type { Projection } from '../diffusion/inpaint.ts';
import type { NoiseSource } from '../diffusion/process.ts';
import { RecipeError } from '../errors.ts';
import type { Models, Upscaler } from '../models/model.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Composition, callsOn } from './composition.ts';
import type { RunContext, RunEvent } from './experiment.ts';
import { type StageTwo, unusual } from './params.ts';
import { pushed, spacedWay, walk } from './walk.ts';

/** What stage II enlarges. */
export interface Enlarged extends StageTwo {
  /** What its steps are called. */
  readonly label: string;
  readonly compose: Composition;
  /** What is put back at every level, in pictures of stage II; nothing without it. */
  readonly project?: (
    context: RunContext,
    stage: Upscaler,
    noise: NoiseSource,
  ) => Promise<Projection | undefined>;
}

export interface Enlargement {
  readonly calls: number;
  readonly steps: number;
  /** From [1, 3, s, s] of stage I. Draws in diffusers' order: x_T, the noise of the condition, then the steps. */
  run(
    context: RunContext,
    image: Tensor,
    noise: NoiseSource,
    calls?: number,
  ): AsyncGenerator<RunEvent, Tensor>;
}

/** In stage II all sides are pushed alike: what one is pushed away from, and how hard, was decided in stage I. */
const alike =
  (compose: Composition): Composition =>
  (stage, size) =>
    compose((prompt, view) => stage(prompt, view), size);

/**
 * Stage II of a picture, where that is wanted and can be done.
 *
 * @throws {RecipeError} when there is none, and something is said of how it shall go
 */
export function enlarging(
  { label, compose, project, upscale, ...options }: Enlarged,
  { upscaler }: Models,
): Enlargement | undefined {
  if (!upscale) return undefined;
  if (!upscaler) {
    const told = unusual(options);
    if (told === undefined) return undefined;
    throw new RecipeError(
      told,
      'it does nothing: the checkpoint comes with no stage II',
      'leave it out, or give one with --upscaler',
    );
  }
  const { upscaleSteps, upscalePreset, upscaleGuidance, noiseLevel } = options;
  const way = () => spacedWay(upscaler, upscaleSteps, { preset: upscalePreset });
  const needed = callsOn(way(), alike(compose), upscaleGuidance);
  return {
    calls: needed,
    steps: way().timesteps.length - 1,
    async *run(context, image, noise, calls = needed) {
      const size = upscaler.sampleSize;
      const larger: NoiseSource = (purpose, t, shape = [3, size, size]) =>
        noise(`stage II ${purpose}`, t, shape);
      const { timesteps, ...rest } = way();
      const start = larger('start', timesteps[0]!);
      const large = pushed(upscaler.conditioned(image, noiseLevel, larger), upscaleGuidance);
      const putBack = await project?.(context, upscaler, larger);
      return yield* walk(
        context,
        { stage: 'upscaler', label: `${label}, stage II`, calls },
        putBack ? putBack(start, timesteps[0]!) : start,
        { ...rest, timesteps, project: putBack, estimator: alike(compose)(large, size), noise: larger },
      );
    },
  };
}
