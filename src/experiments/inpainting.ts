import { z } from 'zod';
import { keepOutside } from '../diffusion/inpaint.ts';
import { noisePerImage } from '../diffusion/noise.ts';
import { RecipeError } from '../errors.ts';
import { blend, zeros } from '../tensor/tensor.ts';
import { defineExperiment } from './experiment.ts';
import {
  branches,
  guidanceScale,
  masks,
  nameOfPicture,
  PHOTO,
  pictures,
  prompts,
  sampler,
  samplerNamed,
  seed,
  setting,
  settings,
} from './params.ts';
import { prompted, walk } from './walk.ts';

/** Item i of a list that has one entry for all or one for each. */
const each = <T>(list: readonly T[], i: number): T => list[list.length === 1 ? 0 : i]!;

export default defineExperiment({
  id: 'inpaint',
  title: 'Inpainting',
  text: 'The edit can be kept to a region. A mask says where the picture may change; everywhere else, after every step, the picture is put back with just the noise that belongs to the level. The model sees its surroundings at all times, and fits what it invents into them.',
  formula: [
    {
      tex: 'x_t \\gets \\mathbb{m} x_t + (1 - \\mathbb{m}) \\mathrm{forward}(x_{orig}, t)',
      plain: 'x at level t becomes x inside the mask, and the noised original outside it',
    },
  ],
  remark: 'Outside the mask the result is the original, bit for bit.',
  params: z.strictObject({
    pictures: pictures('campanile', 'meadow', 'beach'),
    masks: masks('campanile-top', 'meadow-centre', 'beach-centre'),
    prompts: prompts(PHOTO),
    guidanceScale: guidanceScale(7),
    sampler,
    setting,
    seed,
  }),
  positional: ['pictures'],
  example: 'campanile inpaint photo.png --mask mask.png --prompt "a lighthouse"',
  serves: 'inpainting',
  parts: ({ pictures, masks, prompts, guidanceScale, sampler, setting, seed }, { base }) => {
    for (const [name, list] of Object.entries({ masks, prompts })) {
      if (list.length !== 1 && list.length !== pictures.length)
        throw new RecipeError(
          name,
          `${list.length} given for ${pictures.length} pictures`,
          'give one for all pictures, or one for each',
        );
    }
    return pictures.map((picture, i) => {
      const [mask, prompt] = [each(masks, i), each(prompts, i)];
      const timesteps = settings[setting].timesteps();
      return {
        key: `${i + 1}, ${picture}`,
        inputs: { picture, mask, prompt, guidanceScale, sampler, setting, seed },
        pictures: [picture, mask],
        calls: { base: (timesteps.length - 1) * branches(guidanceScale) },
        async *run(context) {
          const original = await context.picture(picture, base.sampleSize);
          const m = await context.mask(mask, base.sampleSize, picture);
          const noise = noisePerImage([seed], [3, base.sampleSize, base.sampleSize]);
          const row = pictures.length === 1 ? '' : nameOfPicture(picture);
          const white = blend(
            m,
            { data: new Float32Array(original.data.length).fill(1), shape: original.shape },
            { data: new Float32Array(original.data.length).fill(-1), shape: original.shape },
          );
          yield {
            type: 'figure',
            figure: { id: `${i + 1}-original`, row, column: 'Original', image: original },
          };
          yield { type: 'figure', figure: { id: `${i + 1}-mask`, row, column: 'Mask', image: white } };
          yield {
            type: 'figure',
            figure: {
              id: `${i + 1}-region`,
              row,
              column: 'Region to edit',
              image: blend(m, original, zeros(original.shape)),
            },
          };
          const image = yield* walk(`inpainting ${picture}`, noise('start', timesteps[0]!), {
            estimator: prompted(base.estimator, prompt, guidanceScale),
            alphaBar: base.alphaBar,
            threshold: settings[setting].threshold(base),
            sampler: samplerNamed(sampler),
            project: keepOutside(m, original, base.alphaBar, noise),
            timesteps,
            noise,
            signal: context.signal,
          });
          yield {
            type: 'figure',
            figure: {
              id: `${i + 1}-result`,
              row,
              column: 'Result',
              image,
              seed,
              caption: prompt === PHOTO ? undefined : prompt,
            },
          };
        },
      };
    });
  },
});
