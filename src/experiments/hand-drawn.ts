import * as z from 'zod';
import { editParams, editRow } from './edits.ts';
import { defineExperiment } from './experiment.ts';
import { noising } from './formulas.ts';
import { nameOfPicture, PHOTO, pictures, prompt } from './params.ts';

export default defineExperiment({
  id: 'drawings',
  title: 'Editing hand-drawn and web images',
  text: 'The same algorithm on other pictures: two as one finds them on the web, and three sketches drawn by hand, which come out as pictures. Any file can take their place, and from the command line any https address.',
  remark: 'Somewhere in the middle of the row the sketch is still the composition, and already a picture.',
  params: z.strictObject({
    pictures: pictures('web-lighthouse', 'web-dog', 'drawing-house', 'drawing-person', 'drawing-volcano'),
    prompt: prompt(PHOTO),
    ...editParams,
  }),
  positional: ['pictures'],
  lead: ['pictures', 'iStarts'],
  applies: [noising],
  example: 'campanile drawings sketch.png --prompt "a volcano" --i-start 5,7,10',
  parts: ({ pictures, prompt, iStarts, ...options }, models) =>
    pictures.flatMap((picture) =>
      editRow(nameOfPicture(picture), picture, prompt, iStarts, options, models, { pictures: [picture] }),
    ),
});
