import type { Prompted } from '../diffusion/cascade.ts';
import type { NoiseEstimator } from '../diffusion/estimator.ts';
import type { NoiseSource } from '../diffusion/process.ts';
import type { View } from '../diffusion/views.ts';
import type { Models, Upscaler } from '../models/model.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Figure, figure, type Part, type RunEvent } from './experiment.ts';
import { branches, type StageTwo } from './params.ts';
import { noiseOf, pushed, spacedWay, type Way, walk } from './walk.ts';

/**
 * What a picture is made of: one estimator out of those of a stage. It is put together once for stage I and, with the same
 * prompts, views and components, once more for stage II, whose pictures are `size` wide.
 */
export type Composition = (stage: Prompted, size: number) => NoiseEstimator;

export interface Drawing extends StageTwo, Pick<Part, 'key' | 'alone'> {
  /** What its result depends on beside seed, guidance and stage II. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly compose: Composition;
  readonly way: () => Way;
  readonly guidanceScale: number;
  readonly seed: number;
  readonly figure: Omit<Figure, 'image' | 'row' | 'seed'>;
  readonly rows: readonly [stageOne: string, stageTwo: string];
}

/** One picture, drawn by stage I from noise and, where that is wanted and can be done, enlarged by stage II. */
export function drawing(picture: Drawing, { base, upscaler }: Models): Part {
  const { key, alone, compose, way, guidanceScale, seed, rows, upscale, ...rest } = picture;
  const { upscaleSteps, upscalePreset, upscaleGuidance, noiseLevel } = rest;
  const enlarges = upscale && upscaler !== undefined;
  const calls = {
    base: callsOf(compose, guidanceScale) * (way().timesteps.length - 1),
    upscaler: enlarges
      ? callsOf(compose, upscaleGuidance) * (wayTwo(upscaler, picture).timesteps.length - 1)
      : 0,
  };
  return {
    key,
    alone,
    inputs: {
      ...rest.inputs,
      guidanceScale,
      seed,
      upscale: upscale && { upscaleSteps, upscalePreset, upscaleGuidance, noiseLevel },
    },
    calls,
    async *run({ signal }) {
      const noise = noiseOf(base, seed);
      const stageOne = way();
      const drawn = { stage: 'base' as const, label: key, calls: calls.base };
      const small = yield* walk(drawn, noise('start', stageOne.timesteps[0]!), {
        ...stageOne,
        estimator: compose(pushed(base.estimator, guidanceScale), base.sampleSize),
        noise,
        signal,
      });
      yield figure({ ...rest.figure, row: rows[0], image: small, seed });
      if (!enlarges) return;
      const large = yield* enlarged(small, picture, upscaler, calls.upscaler, noise, signal);
      yield figure({ ...rest.figure, id: `${rest.figure.id}-ii`, row: rows[1], image: large, seed });
    },
  };
}

const wayTwo = (upscaler: Upscaler, { upscaleSteps, upscalePreset }: StageTwo): Way =>
  spacedWay(upscaler, upscaleSteps, { preset: upscalePreset });

/**
 * Stage II. Draws in diffusers' order: x_T, the noise of the condition, then the steps.
 *
 * @param image  [1, 3, s, s] of stage I
 */
async function* enlarged(
  image: Tensor,
  picture: Drawing,
  upscaler: Upscaler,
  calls: number,
  noise: NoiseSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<RunEvent, Tensor> {
  const { key, compose, upscaleGuidance, noiseLevel } = picture;
  const size = upscaler.sampleSize;
  const larger: NoiseSource = (purpose, t, shape = [3, size, size]) => noise(`stage II ${purpose}`, t, shape);
  const way = wayTwo(upscaler, picture);
  const start = larger('start', way.timesteps[0]!);
  const stage = upscaler.conditioned(image, noiseLevel, larger);
  return yield* walk({ stage: 'upscaler', label: `${key}, stage II`, calls }, start, {
    ...way,
    estimator: compose(pushed(stage, upscaleGuidance), size),
    noise: larger,
    signal,
  });
}

/** Network calls of each step of a composition: one for each prompt, and one without a prompt for each view that is guided. */
function callsOf(compose: Composition, guidanceScale: number): number {
  const views: (View | undefined)[] = [];
  compose((_, view) => {
    views.push(view);
    return () => Promise.reject(new Error('only counted'));
  }, 64);
  return views.length + (branches(guidanceScale) - 1) * new Set(views).size;
}
