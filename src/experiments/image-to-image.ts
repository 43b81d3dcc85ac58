import * as z from 'zod';
import { defineExperiment } from './experiment.ts';
import { ownEdit, ownEditParams } from './own-edits.ts';
import { quickEven } from './params.ts';

export default defineExperiment({
  id: 'img2img',
  title: 'Image to image, as IF has it',
  text: 'The edit of IF’s own pipeline: the picture is noised to where the last part of the steps begins, a part that the strength measures, and denoised under the prompt, with dynamic thresholding; where IF takes 80 steps of DDPM, ten of DPM-Solver++ 2M are taken here unless others are asked for. SDEdit, the course’s edit, says with i_start how many steps are skipped.',
  params: z.strictObject(ownEditParams({ ...quickEven, strength: 0.7, guidanceScale: 10 })),
  positional: ['picture', 'prompt'],
  example: 'campanile img2img photo.png "a snowy village" --strength 0.6 --preset fast27',
  serves: 'image-to-image',
  parts: (edit, models) => [ownEdit(edit, models)],
});
