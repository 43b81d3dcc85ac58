import { z } from 'zod';
import { defineExperiment } from './experiment.ts';
import { guidanceScale, PHOTO, prompt, sampler, seed, setting } from './params.ts';
import { samples } from './samples.ts';

export default defineExperiment({
  id: 'guidance',
  title: 'Classifier-free guidance',
  text: 'The idea is borrowed from caricature: at every step the noise is estimated a second time, with a truly empty prompt, and the picture is pushed along the difference of the two, past what the prompt alone would give. γ says how far; γ = 1 is no push at all.',
  formula: [
    {
      tex: '\\epsilon = \\epsilon_u + \\gamma (\\epsilon_c - \\epsilon_u)',
      plain:
        'the noise is the unconditional estimate plus gamma times the difference of the conditional and the unconditional one',
    },
  ],
  remark: 'The same noise as above, pushed: clearer subjects, stronger colours.',
  params: z.strictObject({
    prompt: prompt(PHOTO),
    count: z.int().min(1).max(16).default(5).describe('how many pictures'),
    guidanceScale: guidanceScale(7),
    sampler,
    setting,
    seed,
  }),
  positional: ['prompt'],
  example: 'campanile guidance "a tropical forest" --guidance 7',
  parts: samples,
});
