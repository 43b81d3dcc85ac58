import * as z from 'zod';
import { keepOutside } from '../diffusion/inpaint.ts';
import { RecipeError } from '../errors.ts';
import { blend, full, type Tensor } from '../tensor/tensor.ts';
import { defineExperiment, type Figure, figure, type RunEvent } from './experiment.ts';
import {
  branches,
  guidanceScale,
  masks,
  nameOfPicture,
  PHOTO,
  pictures,
  prompts,
  sampler,
  seed,
  setting,
} from './params.ts';
import { estimatesOf, noiseOf, pushed, taughtWay, walk } from './walk.ts';

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
    masks: masks('campanile-top', 'meadow-centre', 'beach-centre').meta({
      pairs: 'pictures',
      oneForAll: true,
    }),
    prompts: prompts(PHOTO).meta({ pairs: 'pictures', oneForAll: true }),
    guidanceScale: guidanceScale(7),
    sampler,
    setting,
    seed,
  }),
  positional: ['pictures'],
  lead: ['masks', 'prompts'],
  example: 'campanile inpaint photo.png --mask mask.png --prompt "a lighthouse"',
  parts: ({ pictures, masks, prompts, guidanceScale, seed, ...taught }, { base }) => {
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
      const row = pictures.length === 1 ? '' : nameOfPicture(picture);
      const calls = estimatesOf(taughtWay(base, taught)) * branches(guidanceScale);
      return {
        key: [picture, mask, prompt].join(', '),
        alone: { pictures: [picture], masks: [mask], prompts: [prompt] },
        inputs: { picture, mask, prompt, guidanceScale, seed, ...taught },
        pictures: [picture, mask],
        calls: { base: calls },
        async *run(context) {
          const original = await context.picture(picture, base.sampleSize);
          const m = await context.mask(mask, base.sampleSize, picture);
          const shown = (id: string, column: string, image: Tensor, more?: Partial<Figure>): RunEvent =>
            figure({ id: `${i + 1}-${id}`, row, column, image, ...more });
          const everywhere = (value: number) => full(original.shape, value);
          yield shown('original', 'Original', original);
          yield shown('mask', 'Mask', blend(m, everywhere(1), everywhere(-1)));
          yield shown('region', 'Region to edit', blend(m, original, everywhere(0)));
          const way = taughtWay(base, taught);
          const noise = noiseOf(base, seed);
          const told = { stage: 'base' as const, label: `inpainting ${picture}`, calls };
          const image = yield* walk(context, told, noise('start', way.timesteps[0]!), {
            ...way,
            estimator: pushed(base.estimator, guidanceScale)(prompt),
            project: keepOutside(m, original, base.alphaBar, noise),
            noise,
          });
          yield shown('result', 'Result', image, { seed, caption: prompt === PHOTO ? undefined : prompt });
        },
      };
    });
  },
});
