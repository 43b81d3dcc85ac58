import * as z from 'zod';
import { editParams, editRow } from './edits.ts';
import { defineExperiment } from './experiment.ts';
import { guiding, noising } from './formulas.ts';
import { picture, prompts } from './params.ts';

export default defineExperiment({
  id: 'edit',
  title: 'Text-conditional image-to-image translation',
  text: 'So far only the “empty” prompt was used. A prompt with a meaning of its own steers the edit: the same picture, the same noise, but what is invented in the place of the covered parts is what the prompt asks for.',
  params: z.strictObject({
    prompts: prompts(
      'a rocket ship',
      'a violently erupting volcano',
      'a tropical forest',
      'a Steinway nine-foot grand piano',
    ),
    picture: picture('campanile'),
    ...editParams,
  }),
  positional: ['picture', 'prompts'],
  lead: ['prompts', 'iStarts'],
  applies: [noising, guiding],
  example: 'campanile edit photo.png "a rocket ship" --i-start 5,10',
  parts: ({ prompts, picture, iStarts, ...options }, models) =>
    prompts.flatMap((prompt) =>
      editRow(prompt, picture, prompt, iStarts, options, models, { prompts: [prompt] }),
    ),
});
