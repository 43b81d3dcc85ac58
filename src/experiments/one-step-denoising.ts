import * as z from 'zod';
import { predictX0, type Timestep } from '../diffusion/process.ts';
import type { PixelModel } from '../models/model.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { defineExperiment } from './experiment.ts';
import { cleaning } from './formulas.ts';
import { denoisedColumn } from './noised.ts';
import { PHOTO, picture, prompt, seed, timestepList } from './params.ts';

/** x̂₀ of a single look at x_t. */
export async function oneStep(
  { estimator, alphaBar }: PixelModel,
  prompt: string,
  x: Tensor,
  t: Timestep,
): Promise<Tensor> {
  const { noise } = await estimator(prompt)(x, t);
  return predictX0(x, noise, alphaBar(t));
}

export default defineExperiment({
  id: 'one-step',
  title: 'One-step denoising',
  text: 'Now the pretrained model. It is told the level t and a prompt — here the “empty” one, a high quality photo — and estimates the noise in the picture. The forward formula, solved for the clean picture, then takes that noise away in one step.',
  formula: [cleaning],
  remark:
    'Far better than the blur. At high levels the model has to invent what it cannot see, and a single step gives the average of all it might invent.',
  params: z.strictObject({
    picture: picture('campanile'),
    prompt: prompt(PHOTO),
    timesteps: timestepList(250, 500, 750),
    seed,
  }),
  positional: ['picture'],
  lead: ['timesteps'],
  example: 'campanile one-step photo.png --t 500',
  parts: ({ picture, prompt, timesteps, seed }) =>
    timesteps.map((t) =>
      denoisedColumn({
        inputs: { picture, prompt, t, seed },
        calls: 1,
        figure: { id: 'denoised', row: 'One-step denoised' },
        denoise: async ({ noisy }, { base }) => ({ image: await oneStep(base, prompt, noisy, t) }),
      }),
    ),
});
