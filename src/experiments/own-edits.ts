import * as z from 'zod';
import { keepClean } from '../diffusion/inpaint.ts';
import type { SamplerName } from '../diffusion/samplers.ts';
import { lastShare } from '../diffusion/schedule.ts';
import type { Models } from '../models/model.ts';
import { callsOn } from './drawing.ts';
import { figure, type Part } from './experiment.ts';
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
  sampler,
  saving,
  seed,
  stepsParam,
} from './params.ts';
import { pushed, spacedWay, walk } from './walk.ts';

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
});

export interface OwnEdit extends Economy {
  readonly picture: string;
  /** Where the picture may change; everywhere without one. */
  readonly mask?: string;
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
 * denoised; outside the mask the clean picture is put back at every level.
 *
 * @see diffusers, `IFImg2ImgPipeline` and `IFInpaintingPipeline`
 */
export function ownEdit(edit: OwnEdit, { base }: Models): Part {
  const { picture, mask, prompt, strength, preset, sampler, guidanceScale, seed } = edit;
  const { steps, interval } = saving(edit.steps, edit, strength);
  const way = () => {
    const whole = spacedWay(base, steps, { preset, sampler });
    return { ...whole, timesteps: lastShare(whole.timesteps, strength) };
  };
  const calls = callsOn(way(), (stage) => stage(prompt), guidanceScale, interval);
  return {
    key: [picture, mask, prompt].filter(Boolean).join(', '),
    // What fast means was once another thing: pictures of then are not those of now.
    inputs: { ...edit, ...(edit.fast && { interval }) },
    pictures: mask === undefined ? [picture] : [picture, mask],
    calls: { base: calls },
    async *run(context) {
      const { timesteps, ...rest } = way();
      const t = timesteps[0]!;
      const { original, noisy, noise } = await noised(context, picture, t, seed);
      const project =
        mask === undefined
          ? undefined
          : keepClean(await context.mask(mask, base.sampleSize, picture), original);
      const image = yield* walk(
        context,
        { stage: 'base', label: prompt, calls },
        project ? project(noisy, t) : noisy,
        {
          ...rest,
          timesteps,
          project,
          estimator: pushed(base.estimator, guidanceScale, interval)(prompt),
          noise,
        },
      );
      yield figure({ id: 'original', row: '', column: 'Original', image: original });
      yield figure({ id: 'result', row: '', column: prompt, image, t, seed });
    },
  };
}
