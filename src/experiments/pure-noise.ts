import { z } from 'zod';
import { defineExperiment } from './experiment.ts';
import { guidanceScale, PHOTO, prompt, sampler, seed, setting } from './params.ts';
import { samples } from './samples.ts';

export default defineExperiment({
  id: 'pure-noise',
  title: 'Diffusion model sampling',
  text: 'The same loop also denoises a picture that is nothing but noise. There is no original to come back to: the model has to invent one.',
  remark: 'Some of the pictures made from pure noise are not so good.',
  params: z.strictObject({
    prompt: prompt(PHOTO),
    count: z.int().min(1).max(16).default(5).describe('how many pictures'),
    guidanceScale: guidanceScale(1),
    sampler,
    setting,
    seed,
  }),
  positional: ['prompt'],
  example: 'campanile pure-noise --count 5',
  parts: samples,
});
