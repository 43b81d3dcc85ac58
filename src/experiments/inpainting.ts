import * as z from 'zod';
import { keepOutside, resampled } from '../diffusion/inpaint.ts';
import type { NoiseSource } from '../diffusion/process.ts';
import { blend, full, type Tensor } from '../tensor/tensor.ts';
import { enlarging } from './enlarging.ts';
import { defineExperiment, type Figure, figure, type RunContext, type RunEvent } from './experiment.ts';
import { uselessWith } from './field.ts';
import { expectOneEach } from './pairs.ts';
import {
  branches,
  enlargedAs,
  guidanceScale,
  masks,
  nameOfPicture,
  PHOTO,
  pictures,
  prompts,
  resamplings,
  sampler,
  seed,
  setting,
  stageTwoOf,
  upscale,
} from './params.ts';
import { estimatesOf, noiseOf, pushed, taughtWay, timesTaken, walk } from './walk.ts';

/** Item i of a list that has one entry for all or one for each. */
const each = <T>(list: readonly T[], i: number): T => list[list.length === 1 ? 0 : i]!;

const MASKS = ['campanile-top', 'meadow-centre', 'beach-centre'];

export default defineExperiment({
  id: 'inpaint',
  title: 'Inpainting',
  text: 'The edit can be kept to a region. A mask says where the picture may change; everywhere else, after every step, the picture is put back with just the noise that belongs to the level. The model sees its surroundings at all times, and fits what it invents into them. For that a step is taken more than once: x goes back up by the noise that lies between the two levels, and is looked at again.',
  formula: [
    {
      tex: 'x_t \\gets \\mathbb{m} x_t + (1 - \\mathbb{m}) \\mathrm{forward}(x_{orig}, t)',
      plain: 'x at level t becomes x inside the mask, and the noised original outside it',
    },
    {
      tex: "x_t \\gets \\sqrt{\\alpha_t} x_{t'} + \\sqrt{\\beta_t} z",
      plain: 'x at the lower level goes back up to level t by the noise between the two',
    },
  ],
  remark:
    'Outside the mask the result is the original, bit for bit, and so it is where stage II has enlarged it.',
  params: z.strictObject({
    pictures: pictures('campanile', 'meadow', 'beach'),
    masks: masks(...MASKS).meta({
      pairs: 'pictures',
      oneForAll: true,
    }),
    prompts: prompts(PHOTO).meta({ pairs: 'pictures', oneForAll: true }),
    guidanceScale: guidanceScale(7),
    sampler,
    setting,
    resamplings: uselessWith(resamplings.default(4), { setting: ['course'] }),
    seed,
    ...upscale,
  }),
  positional: ['pictures'],
  lead: ['masks', 'prompts'],
  example: 'campanile inpaint photo.png --mask mask.png --prompt "a lighthouse"',
  parts: ({ pictures, masks, prompts, guidanceScale, resamplings, seed, ...options }, models) => {
    const { base } = models;
    const { sampler, setting } = options;
    const taught = { sampler, setting };
    const beside = { count: pictures.length, called: 'picture', oneForAll: true };
    expectOneEach('masks', masks, MASKS, beside);
    expectOneEach('prompts', prompts, [PHOTO], beside);
    const times = taught.setting === 'course' ? 1 : resamplings;
    const estimates = timesTaken(times, taughtWay(base, taught), estimatesOf);
    return pictures.map((picture, i) => {
      const [mask, prompt] = [each(masks, i), each(prompts, i)];
      const row = pictures.length === 1 ? '' : nameOfPicture(picture);
      const calls = estimates * branches(guidanceScale);
      const label = `inpainting ${picture}`;
      const region = async (context: RunContext, size: number) => ({
        original: await context.picture(picture, size),
        m: await context.mask(mask, size, picture),
      });
      const enlargement = enlarging(
        {
          label,
          compose: (stage) => stage(prompt),
          project: async (context, { sampleSize, alphaBar }, noise) => {
            const { m, original } = await region(context, sampleSize);
            return keepOutside(m, original, alphaBar, noise);
          },
          ...stageTwoOf(options),
        },
        models,
      );
      return {
        key: [picture, mask, prompt].join(', '),
        alone: { pictures: [picture], masks: [mask], prompts: [prompt] },
        inputs: {
          picture,
          mask,
          prompt,
          guidanceScale,
          times,
          seed,
          ...taught,
          upscale: enlargedAs(options),
        },
        pictures: [picture, mask],
        calls: { base: calls, ...(enlargement && { upscaler: enlargement.calls }) },
        async *run(context) {
          const { m, original } = await region(context, base.sampleSize);
          const shown = (id: string, column: string, image: Tensor, more?: Partial<Figure>): RunEvent =>
            figure({ id: `${i + 1}-${id}`, row, column, image, ...more });
          const everywhere = (value: number) => full(original.shape, value);
          yield shown('original', 'Original', original);
          yield shown('mask', 'Mask', blend(m, everywhere(1), everywhere(-1)));
          yield shown('region', 'Region to edit', blend(m, original, everywhere(0)));
          const way = taughtWay(base, taught);
          const noise = noiseOf(base, seed);
          const putBack = (source: NoiseSource) => keepOutside(m, original, base.alphaBar, source);
          const told = { stage: 'base' as const, label, calls };
          const image = yield* walk(context, told, noise('start', way.timesteps[0]!), {
            ...way,
            estimator: pushed(base.estimator, guidanceScale)(prompt),
            sampler: resampled(way.sampler, times, putBack),
            project: putBack(noise),
            noise,
          });
          const said = { seed, caption: prompt === PHOTO ? undefined : prompt };
          yield shown('result', 'Result', image, said);
          if (!enlargement) return;
          yield shown('result-ii', 'Stage II', yield* enlargement.run(context, image, noise), said);
        },
      };
    });
  },
});
