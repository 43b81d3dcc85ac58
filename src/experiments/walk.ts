import type { Prompted } from '../diffusion/cascade.ts';
import { type DenoiseOptions, denoise, resumeDenoising } from '../diffusion/denoise.ts';
import { type GuidanceScale, guided, type NoiseEstimator, remembering } from '../diffusion/estimator.ts';
import { type GuidanceInterval, guidanceInterval } from '../diffusion/guidance-interval.ts';
import { itineraries } from '../diffusion/itineraries.ts';
import { noisePerImage } from '../diffusion/noise.ts';
import { CLEAN, type NoiseSource } from '../diffusion/process.ts';
import { type Step, takeStep } from '../diffusion/sampler.ts';
import { type SamplerName, type SamplerRecord, samplers } from '../diffusion/samplers.ts';
import { endingClean } from '../diffusion/schedule.ts';
import type { View } from '../diffusion/view.ts';
import { RecipeError } from '../errors.ts';
import type { ModelInfo, PixelModel, Upscaler } from '../models/model.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { RunContext, RunEvent } from './experiment.ts';
import { NOTHING, type Preset, type Setting, settings } from './params.ts';

/** What a walk's steps say of it. */
export type Walk = Pick<RunEvent & { type: 'step' }, 'stage' | 'label' | 'calls'>;

export interface WalkOptions extends Omit<DenoiseOptions, 'signal'> {
  /** The estimator remembers what it was asked: before a branch it has to be asked what the run before was. */
  readonly remembers?: boolean | undefined;
}

/**
 * A walk with its steps as events; gives back where it ended. Where the run is a branch, what lies before the fork is told
 * as it was, and the rest is walked from there.
 *
 * @throws {RecipeError} when these values do not pass the level at which the branch begins
 */
export async function* walk(
  { signal, walks }: Pick<RunContext, 'signal' | 'walks'>,
  told: Walk,
  x: Tensor,
  { remembers = false, ...given }: WalkOptions,
): AsyncGenerator<RunEvent, Tensor> {
  const options = { ...given, signal };
  const count = options.timesteps.length - 1;
  const { stage, label } = told;
  const { walked, shared, result } = walks?.begin({ stage, label, count }) ?? {
    walked: undefined,
    shared: [],
  };
  const event = (step: Step): RunEvent => {
    walked?.steps.push(step);
    return { type: 'step', ...told, index: step.index, count, step };
  };
  for (const step of result ? shared : shared.slice(0, -1)) {
    yield event(step);
    if (!result) await passedAgain(step, options, remembers);
  }
  if (result) {
    walked!.result = result;
    return result;
  }
  const start = shared.at(-1);
  if (start && !sameSteps(start, x, options.timesteps))
    throw new RecipeError(
      'from',
      `the branch begins at step ${start.index}, t = ${start.t}, with pictures of ${start.x.shape.join(' × ')}: these values do not pass there`,
      'branch with the steps, sizes and numbers of pictures that the run before had',
    );
  const steps = start ? resumeDenoising(start, options) : denoise(x, options);
  for (;;) {
    const { done, value } = await steps.next();
    if (done) {
      if (walked) walked.result = value;
      return value;
    }
    yield event(value);
  }
}

const sameSteps = ({ index, t, x }: Step, start: Tensor, timesteps: readonly number[]): boolean =>
  timesteps[index] === t && index < timesteps.length - 1 && String(x.shape) === String(start.shape);

/** What was done in a step that is shared is not done again, but noise is drawn for it, so that what comes after is the same. */
async function passedAgain(step: Step, options: DenoiseOptions, remembers: boolean): Promise<void> {
  const { sampler, alphaBar, noise, project, estimator } = options;
  if (remembers) await estimator(step.x, step.t);
  const { to } = await takeStep(sampler, step, alphaBar, noise, async () => step);
  project?.(to, step.tNext);
}

/** How hard one prompt is pushed, and away from what, where that is not as usual. */
export interface Push {
  readonly guidanceScale?: GuidanceScale | undefined;
  readonly negative?: string | undefined;
}

/** `Prompted`, with guidance. */
export type Pushed = (prompt: string, view?: View, push?: Push) => NoiseEstimator;

/**
 * The estimators of a stage, each pushed away from that of no prompt at all, which all those of one view share.
 *
 * @param interval  where they are pushed; everywhere without one
 */
export function pushed(stage: Prompted, usual: number, interval?: GuidanceInterval): Pushed {
  const upright = new Map<string, NoiseEstimator>();
  const away = (negative: string, view?: View): NoiseEstimator => {
    if (view) return stage(negative, view);
    const known = upright.get(negative) ?? remembering(stage(negative));
    upright.set(negative, known);
    return known;
  };
  return (prompt, view, { guidanceScale = usual, negative = NOTHING } = {}) =>
    guided(
      stage(prompt, view),
      away(negative, view),
      interval && guidanceScale !== 1 ? guidanceInterval(guidanceScale, interval) : guidanceScale,
    );
}

/** Noise of a model's size, one stream for each picture. */
export const noiseOf = ({ sampleSize }: ModelInfo, ...seeds: readonly number[]): NoiseSource =>
  noisePerImage(seeds, [3, sampleSize, sampleSize]);

/** The way of a walk: the levels visited, how a step is taken, and what is done to x̂₀ before it. Made anew for each run. */
export interface Way extends Pick<DenoiseOptions, 'alphaBar' | 'timesteps' | 'sampler' | 'threshold'> {
  readonly asksAt: SamplerRecord['asksAt'];
}

/** Estimates that a walk takes, whether it is the whole way or a part of it. */
export const estimatesOf = ({ asksAt, timesteps }: Pick<Way, 'asksAt' | 'timesteps'>): number =>
  asksAt(timesteps).length;

/** Calls of a way whose steps are each taken so many times, but that into CLEAN. */
export const timesTaken = (times: number, way: Way, calls: (way: Way) => number): number =>
  calls(way) + (times - 1) * calls({ ...way, timesteps: way.timesteps.filter((t) => t !== CLEAN) });

const takenBy = (name: SamplerName): Pick<Way, 'sampler' | 'asksAt'> => ({
  sampler: samplers[name].make(),
  asksAt: samplers[name].asksAt,
});

export interface TaughtOptions {
  readonly setting: Setting;
  readonly sampler: SamplerName;
}

/** The taught loop: every thirtieth level. */
export const taughtWay = (model: PixelModel, { setting, sampler }: TaughtOptions): Way => ({
  alphaBar: model.alphaBar,
  timesteps: settings[setting].timesteps(),
  threshold: settings[setting].threshold(model),
  ...takenBy(sampler),
});

export interface SpacedOptions {
  readonly sampler?: SamplerName | undefined;
  /** One of IF's own says itself how many steps there are. */
  readonly preset?: Preset | undefined;
}

/** A number of steps over the whole range, as diffusers takes them. */
export const spacedWay = (
  { alphaBar, threshold, numTrainTimesteps }: PixelModel | Upscaler,
  steps: number,
  { sampler = 'ddpm', preset: name = 'even' }: SpacedOptions = {},
): Way => ({
  alphaBar,
  threshold,
  timesteps: endingClean(itineraries[name].timesteps(steps, alphaBar, numTrainTimesteps)),
  ...takenBy(sampler),
});
