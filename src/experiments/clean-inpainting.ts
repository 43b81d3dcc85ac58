import * as z from 'zod';
import { defineExperiment } from './experiment.ts';
import { ownEdit, ownEditParams } from './own-edits.ts';

export default defineExperiment({
  id: 'inpaint-clean',
  title: 'Inpainting, as IF has it',
  text: 'The inpainting of IF’s own pipeline: outside the mask the picture is put back clean after every step, where the course puts it back with the noise that belongs to the level.',
  remark: 'Outside the mask the result is the original, bit for bit.',
  params: z.strictObject({
    ...ownEditParams({ strength: 1, steps: 50, sampler: 'ddpm', preset: 'even', guidanceScale: 7 }),
    mask: z
      .string()
      .min(1)
      .default('campanile-top')
      .meta({ kind: 'mask', description: 'a mask file, white where the picture may change' }),
  }),
  positional: ['picture', 'prompt'],
  example: 'campanile inpaint-clean photo.png "a lighthouse" --mask mask.png --strength 0.9',
  serves: 'inpainting',
  parts: (edit, models) => [ownEdit(edit, models)],
});
