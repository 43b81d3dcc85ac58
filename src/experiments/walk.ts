import type { Prompted } from '../diffusion/cascade.ts';
import { type DenoiseOptions, denoise } from '../diffusion/denoise.ts';
import { guided, type NoiseEstimator, remembering } from '../diffusion/estimator.ts';
import { type GuidanceInterval, guidanceInterval } from '../diffusion/guidance-interval.ts';
import { itineraries } from '../diffusion/itineraries.ts';
import { noisePerImage } from '../diffusion/noise.ts';
import type { NoiseSource } from '../diffusion/process.ts';
import { type SamplerName, type SamplerRecord, samplers } from '../diffusion/samplers.ts';
import { endingClean } from '../diffusion/schedule.ts';
import type { View } from '../diffusion/view.ts';
import type { ModelInfo, PixelModel, Upscaler } from '../models/model.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { RunEvent } from './experiment.ts';
import { NOTHING, type Preset, type Setting, settings } from './params.ts';

/** What a walk's steps say of it. */
export type Walk = Pick<RunEvent & { type: 'step' }, 'stage' | 'label' | 'calls'>;

/** A walk with its steps as events; gives back where it ended. */
export async function* walk(
  told: Walk,
  x: Tensor,
  options: DenoiseOptions,
): AsyncGenerator<RunEvent, Tensor> {
  const count = options.timesteps.length - 1;
  const steps = denoise(x, options);
  for (let index = 0; ; index++) {
    const { done, value } = await steps.next();
    if (done) return value;
    yield { type: 'step', ...told, index, count, step: value };
  }
}

/** How hard one prompt is pushed, and away from what, where that is not as usual. */
export interface Push {
  readonly guidanceScale?: number | undefined;
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
