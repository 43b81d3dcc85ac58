import * as z from 'zod';
import { defineExperiment } from './experiment.ts';
import { uselessWith } from './field.ts';
import { ownEdit, ownEditParams, waysToPutBack } from './own-edits.ts';
import { resamplings } from './params.ts';

export default defineExperiment({
  id: 'inpaint-clean',
  title: 'Inpainting, as IF has it',
  text: 'The inpainting of IF’s own pipeline: outside the mask the picture is put back clean after every step, where the course puts it back with the noise that belongs to the level. A small network, which has never seen a picture that is clean in one place and noise in another, fills such a hole with stripes; put back with its noise, and each step taken several times, the same way with a strength and a number of steps fills it well.',
  remark:
    'Outside the mask the result is the original, bit for bit, and so it is where stage II has enlarged it.',
  params: z.strictObject({
    ...ownEditParams({ strength: 1, steps: 50, sampler: 'ddpm', preset: 'even', guidanceScale: 7 }),
    mask: z
      .string()
      .min(1)
      .default('campanile-top')
      .meta({ kind: 'mask', description: 'a mask file, white where the picture may change' }),
    putBack: z.enum(waysToPutBack).default('clean').meta({
      description:
        'how what is outside the mask is put back at every level: clean, as IF has it, or noised, with the noise that belongs to the level',
    }),
    resamplings: uselessWith(resamplings.default(1), { putBack: ['clean'] }),
  }),
  positional: ['picture', 'prompt'],
  example: 'campanile inpaint-clean photo.png "a lighthouse" --mask mask.png --strength 0.9',
  serves: 'inpainting',
  servedWith: { putBack: 'noised', resamplings: 4, steps: 20 },
  parts: (edit, models) => [ownEdit(edit, models)],
});
