import * as z from 'zod';
import { editParams, editRow } from './edits.ts';
import { defineExperiment } from './experiment.ts';
import { guiding, noising } from './formulas.ts';
import { PHOTO, picture, prompt } from './params.ts';

export default defineExperiment({
  id: 'sdedit',
  title: 'Image-to-image translation',
  text: 'A denoiser does not quite bring the old picture back: what the noise has covered it invents anew. So noise is an editing tool. Add some, take it away again, and the picture has changed a little; add more, and it has changed more. This is SDEdit; i_start counts the steps that are skipped, so a small one means much noise.',
  remark:
    'The more noise, the greater the edit: from a large i_start the picture stays what it was, from a small one it is a new one.',
  params: z.strictObject({
    picture: picture('campanile'),
    prompt: prompt(PHOTO),
    ...editParams,
  }),
  positional: ['picture'],
  lead: ['iStarts'],
  applies: [noising, guiding],
  example: 'campanile sdedit photo.png --i-start 5,10,20',
  parts: ({ picture, prompt, iStarts, ...options }, models) =>
    editRow('', picture, prompt, iStarts, options, models),
});
