import { RecipeError } from '../errors.ts';
import type { Models } from '../models/model.ts';
import { enlarging } from './enlarging.ts';
import { figure, type Part } from './experiment.ts';
import { noised } from './noised.ts';
import {
  branches,
  enlargedAs,
  guidanceScale,
  iStarts,
  type StageTwo,
  sampler,
  seed,
  setting,
  stageTwoOf,
  upscale,
} from './params.ts';
import { estimatesOf, pushed, type TaughtOptions, taughtWay, walk } from './walk.ts';

/** What the edits of the document have in common, with its values. */
export const editParams = {
  iStarts: iStarts(1, 3, 5, 7, 10, 20),
  guidanceScale: guidanceScale(7),
  sampler,
  setting,
  seed,
  ...upscale,
  upscale: upscale.upscale.default(false),
};

export interface EditOptions extends TaughtOptions, StageTwo {
  readonly guidanceScale: number;
  readonly seed: number;
}

/**
 * One row of SDEdit: the picture noised to the level of each i_start, then denoised under the prompt; the original last. Below it
 * the same enlarged, where that is wanted.
 *
 * @param alone  the parameters that leave this row alone
 * @throws {RecipeError} when it shall be enlarged and there is no stage II
 * @see Meng et al. 2022, "SDEdit", arXiv 2108.01073
 */
export function editRow(
  row: string,
  picture: string,
  prompt: string,
  iStarts: readonly number[],
  options: EditOptions,
  models: Models,
  alone: Part['alone'] = {},
): Part[] {
  const { base } = models;
  const { guidanceScale, sampler, setting, seed, upscale } = options;
  if (upscale && !models.upscaler)
    throw new RecipeError(
      'upscale',
      'the checkpoint comes with no stage II',
      'leave it out, or give one with --upscaler',
    );
  const inRow = (column: string) => [row, column].filter(Boolean).join(', ');
  const edits = iStarts.map((iStart): Part => {
    const whole = taughtWay(base, options);
    const timesteps = whole.timesteps.slice(iStart);
    const t = timesteps[0]!;
    const calls = estimatesOf({ ...whole, timesteps }) * branches(guidanceScale);
    const column = `i_start = ${iStart}`;
    const label = inRow(column);
    const enlargement = enlarging(
      { label, compose: (stage) => stage(prompt), ...stageTwoOf(options) },
      models,
    );
    return {
      key: label,
      alone: { ...alone, iStarts: [iStart] },
      inputs: {
        picture,
        prompt,
        iStart,
        guidanceScale,
        sampler,
        setting,
        seed,
        ...(upscale && { upscale: enlargedAs(options) }),
      },
      pictures: [picture],
      calls: { base: calls, ...(enlargement && { upscaler: enlargement.calls }) },
      async *run(context) {
        const { noisy, noise } = await noised(context, picture, t, seed);
        const image = yield* walk(context, { stage: 'base', label, calls }, noisy, {
          ...taughtWay(base, options),
          timesteps,
          estimator: pushed(base.estimator, guidanceScale)(prompt),
          noise,
        });
        yield figure({ id: `${row}-i${iStart}`, row, column, image, t, seed });
        if (!enlargement) return;
        const large = yield* enlargement.run(context, image, noise);
        const below = row ? `${row}, stage II` : 'Stage II';
        yield figure({ id: `${row}-i${iStart}-ii`, row: below, column, image: large, t, seed });
      },
    };
  });
  const original: Part = {
    key: inRow('original'),
    alone: { ...alone, iStarts: iStarts.slice(-1) },
    inputs: { picture },
    pictures: [picture],
    calls: { base: 0 },
    async *run(context) {
      const image = await context.picture(picture, base.sampleSize);
      yield figure({ id: `${row}-original`, row, column: 'Original', image });
    },
  };
  return [...edits, original];
}
