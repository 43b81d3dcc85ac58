import type { GuidanceScale, NoiseEstimator } from '../diffusion/estimator.ts';
import { type GuidanceInterval, isWithin, scaleAt } from '../diffusion/guidance-interval.ts';
import type { NoiseSource } from '../diffusion/process.ts';
import type { Models, Upscaler } from '../models/model.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Figure, figure, type Part, type RunContext, type RunEvent, type Stage } from './experiment.ts';
import { branches, NOTHING, type StageTwo } from './params.ts';
import { noiseOf, type Pushed, pushed, spacedWay, type Way, walk } from './walk.ts';

/**
 * What a picture is made of: one estimator out of those of a stage. It is put together once for stage I and, with the same
 * prompts, views and components, once more for stage II, whose pictures are `size` wide.
 */
export type Composition = (stage: Pushed, size: number) => NoiseEstimator;

export interface Drawing extends StageTwo, Pick<Part, 'key' | 'alone'> {
  /** What its result depends on beside seed, guidance and stage II. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly compose: Composition;
  readonly way: () => Way;
  readonly guidanceScale: number;
  /** The calls it really makes, where not every step asks for all that is composed, or something else is asked too. */
  readonly counted?: (stage: Stage, calls: number, steps: number) => number;
  /** The composition remembers the steps before: an estimator of it counts, or weighs. */
  readonly remembers?: boolean;
  /** Where stage I is guided; everywhere without one. */
  readonly interval?: GuidanceInterval | undefined;
  readonly seed: number;
  readonly figure: Omit<Figure, 'image' | 'row' | 'seed'>;
  readonly rows: readonly [stageOne: string, stageTwo: string];
}

/** One picture, drawn by stage I from noise and, where that is wanted and can be done, enlarged by stage II. */
export function drawing(picture: Drawing, { base, upscaler }: Models): Part {
  const { key, alone, compose, way, guidanceScale, interval, seed, rows, upscale, ...rest } = picture;
  const counted = (stage: Stage, { timesteps }: Way, calls: number) =>
    picture.counted?.(stage, calls, timesteps.length - 1) ?? calls;
  const { upscaleSteps, upscalePreset, upscaleGuidance, noiseLevel } = rest;
  const enlarges = upscale && upscaler !== undefined;
  const calls = {
    base: counted('base', way(), callsOn(way(), compose, guidanceScale, interval)),
    upscaler: enlarges
      ? counted(
          'upscaler',
          wayTwo(upscaler, picture),
          callsOn(wayTwo(upscaler, picture), alike(compose), upscaleGuidance),
        )
      : 0,
  };
  return {
    key,
    alone,
    inputs: {
      ...rest.inputs,
      ...(interval && { interval }),
      guidanceScale,
      seed,
      upscale: upscale && { upscaleSteps, upscalePreset, upscaleGuidance, noiseLevel },
    },
    calls,
    async *run(context) {
      const noise = noiseOf(base, seed);
      const stageOne = way();
      const drawn = { stage: 'base' as const, label: key, calls: calls.base };
      const small = yield* walk(context, drawn, noise('start', stageOne.timesteps[0]!), {
        ...stageOne,
        estimator: compose(pushed(base.estimator, guidanceScale, interval), base.sampleSize),
        noise,
        remembers: picture.remembers,
      });
      yield figure({ ...rest.figure, row: rows[0], image: small, seed });
      if (!enlarges) return;
      const large = yield* enlarged(context, small, picture, upscaler, calls.upscaler, noise);
      yield figure({ ...rest.figure, id: `${rest.figure.id}-ii`, row: rows[1], image: large, seed });
    },
  };
}

/** In stage II all sides are pushed alike: what one is pushed away from, and how hard, was decided in stage I. */
const alike =
  (compose: Composition): Composition =>
  (stage, size) =>
    compose((prompt, view) => stage(prompt, view), size);

const wayTwo = (upscaler: Upscaler, { upscaleSteps, upscalePreset }: StageTwo): Way =>
  spacedWay(upscaler, upscaleSteps, { preset: upscalePreset });

/**
 * Stage II. Draws in diffusers' order: x_T, the noise of the condition, then the steps.
 *
 * @param image  [1, 3, s, s] of stage I
 */
async function* enlarged(
  context: RunContext,
  image: Tensor,
  picture: Drawing,
  upscaler: Upscaler,
  calls: number,
  noise: NoiseSource,
): AsyncGenerator<RunEvent, Tensor> {
  const { key, compose, upscaleGuidance, noiseLevel } = picture;
  const size = upscaler.sampleSize;
  const larger: NoiseSource = (purpose, t, shape = [3, size, size]) => noise(`stage II ${purpose}`, t, shape);
  const way = wayTwo(upscaler, picture);
  const start = larger('start', way.timesteps[0]!);
  const large = pushed(upscaler.conditioned(image, noiseLevel, larger), upscaleGuidance);
  return yield* walk(context, { stage: 'upscaler', label: `${key}, stage II`, calls }, start, {
    ...way,
    estimator: alike(compose)(large, size),
    noise: larger,
  });
}

/**
 * Network calls of a walk that draws a composition: at each level one for each prompt, and where there is a push one for what
 * it is away from. It is guided in the interval alone where there is one.
 */
export function callsOn(
  { asksAt, timesteps }: Way,
  compose: Composition,
  usual: number,
  interval?: GuidanceInterval,
): number {
  const levels = asksAt(timesteps);
  let prompts = 0;
  // Upright estimates that are pushed away from the same share what that costs.
  const away = new Map<unknown, GuidanceScale[]>();
  compose((_, view, { guidanceScale = usual, negative = NOTHING } = {}) => {
    prompts++;
    const shared = view ? Symbol() : negative;
    away.set(shared, [...(away.get(shared) ?? []), guidanceScale]);
    return () => Promise.reject(new Error('only counted'));
  }, 64);
  const within = interval ? levels.filter((t) => isWithin(t, interval)) : levels;
  const pushedAt = (scales: readonly GuidanceScale[]) =>
    within.filter((t) => scales.some((scale) => branches(scaleAt(scale, t)) === 2)).length;
  return prompts * levels.length + [...away.values()].reduce((sum, scales) => sum + pushedAt(scales), 0);
}
