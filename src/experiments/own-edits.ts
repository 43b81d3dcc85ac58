import * as z from 'zod';
import { keepClean, keepOutside, type Projection, resampled } from '../diffusion/inpaint.ts';
import type { AlphaBar, NoiseSource } from '../diffusion/process.ts';
import type { SamplerName } from '../diffusion/samplers.ts';
import { lastShare } from '../diffusion/schedule.ts';
import type { Models, PixelModel, Upscaler } from '../models/model.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Composition, callsOn } from './composition.ts';
import { enlarging } from './enlarging.ts';
import { figure, type Part, type RunContext } from './experiment.ts';
import { noised } from './noised.ts';
import {
  type Economy,
  economy,
  guidanceScale,
  PHOTO,
  type Preset,
  picture,
  presetParam,
  prompt,
  type StageTwo,
  sampler,
  saving,
  seed,
  stageTwoOf,
  stepsParam,
  upscale,
} from './params.ts';
import { pushed, spacedWay, timesTaken, walk } from './walk.ts';

/** The parameters of IF's own edits. */
export const ownEditParams = (
  defaults: Pick<OwnEdit, 'strength' | 'steps' | 'sampler' | 'preset' | 'guidanceScale'>,
) => ({
  picture: picture('campanile'),
  prompt: prompt(PHOTO),
  strength: z
    .number()
    .gt(0)
    .max(1)
    .default(defaults.strength)
    .describe('share of the steps that is taken: a little keeps the picture, 1 keeps hardly anything of it'),
  steps: stepsParam(defaults.steps, 'inference steps from pure noise on'),
  preset: presetParam.default(defaults.preset),
  sampler: sampler.default(defaults.sampler),
  guidanceScale: guidanceScale(defaults.guidanceScale),
  ...economy,
  seed,
  ...upscale,
});

/** What is outside the mask, at each level: the picture, or the picture in as much noise as there is inside. */
const puttingBack = {
  clean: (mask, original) => () => keepClean(mask, original),
  noised: (mask, original, alphaBar) => (noise) => keepOutside(mask, original, alphaBar, noise),
} satisfies Record<
  string,
  (mask: Tensor, original: Tensor, alphaBar: AlphaBar) => (noise: NoiseSource) => Projection
>;

type PutBack = keyof typeof puttingBack;
export const waysToPutBack = Object.keys(puttingBack) as [PutBack, ...PutBack[]];

export interface OwnEdit extends Economy, StageTwo {
  readonly picture: string;
  /** Where the picture may change, and how the rest is put back; it changes everywhere without. */
  readonly mask?: string;
  readonly putBack?: PutBack;
  /** How often each step is taken, where the rest is noised: what goes back up must go back up everywhere. */
  readonly resamplings?: number;
  readonly prompt: string;
  readonly strength: number;
  readonly steps: number;
  readonly preset: Preset;
  readonly sampler: SamplerName;
  readonly guidanceScale: number;
  readonly seed: number;
}

/**
 * An edit as IF's pipelines in diffusers do it: the picture noised to the first of the last `strength` of the steps, then
 * denoised; outside the mask the picture is put back at every level, in stage II as large as that draws.
 *
 * Differs: stage II begins with noise, where diffusers' begins with the enlarged original in noise.
 *
 * @see diffusers, `IFImg2ImgPipeline`, `IFInpaintingPipeline` and their `SuperResolution` pipelines
 */
export function ownEdit(edit: OwnEdit, models: Models): Part {
  const { base } = models;
  const { picture, mask, prompt, strength, preset, sampler, guidanceScale, seed } = edit;
  const { putBack = 'clean' } = edit;
  const resamplings = putBack === 'noised' ? (edit.resamplings ?? 1) : 1;
  const { steps, interval } = saving(edit.steps, edit, strength);
  const way = () => {
    const whole = spacedWay(base, steps, { preset, sampler });
    return { ...whole, timesteps: lastShare(whole.timesteps, strength) };
  };
  const compose: Composition = (stage) => stage(prompt);
  const calls = timesTaken(resamplings, way(), (part) => callsOn(part, compose, guidanceScale, interval));
  /** What puts back the picture in the size of a stage, given its noise. */
  const around = async (context: RunContext, { sampleSize, alphaBar }: PixelModel | Upscaler) =>
    mask === undefined
      ? undefined
      : puttingBack[putBack](
          await context.mask(mask, sampleSize, picture),
          await context.picture(picture, sampleSize),
          alphaBar,
        );
  const enlargement = enlarging(
    {
      label: prompt,
      compose,
      project: async (context, upscaler, noise) => (await around(context, upscaler))?.(noise),
      ...stageTwoOf(edit),
    },
    models,
  );
  return {
    key: [picture, mask, prompt].filter(Boolean).join(', '),
    // What fast means was once another thing: pictures of then are not those of now.
    inputs: { ...edit, ...(edit.fast && { interval }) },
    pictures: mask === undefined ? [picture] : [picture, mask],
    calls: { base: calls, ...(enlargement && { upscaler: enlargement.calls }) },
    async *run(context) {
      const { timesteps, sampler, ...rest } = way();
      const t = timesteps[0]!;
      const { original, noisy, noise } = await noised(context, picture, t, seed);
      const keep = await around(context, base);
      const project = keep?.(noise);
      const image = yield* walk(
        context,
        { stage: 'base', label: prompt, calls },
        project ? project(noisy, t) : noisy,
        {
          ...rest,
          timesteps,
          sampler: keep ? resampled(sampler, resamplings, keep) : sampler,
          project,
          estimator: compose(pushed(base.estimator, guidanceScale, interval), base.sampleSize),
          noise,
        },
      );
      yield figure({ id: 'original', row: '', column: 'Original', image: original });
      yield figure({ id: 'result', row: '', column: prompt, image, t, seed });
      if (!enlargement) return;
      const large = yield* enlargement.run(context, image, noise);
      yield figure({ id: 'result-ii', row: '', column: `${prompt}, stage II`, image: large, t, seed });
    },
  };
}
