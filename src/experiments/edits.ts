import type { Models } from '../models/model.ts';
import { figure, type Part } from './experiment.ts';
import { noised } from './noised.ts';
import { branches, guidanceScale, iStarts, sampler, seed, setting } from './params.ts';
import { estimatesOf, pushed, type TaughtOptions, taughtWay, walk } from './walk.ts';

/** What the edits of the document have in common, with its values. */
export const editParams = {
  iStarts: iStarts(1, 3, 5, 7, 10, 20),
  guidanceScale: guidanceScale(7),
  sampler,
  setting,
  seed,
};

export interface EditOptions extends TaughtOptions {
  readonly guidanceScale: number;
  readonly seed: number;
}

/**
 * One row of SDEdit: the picture noised to the level of each i_start, then denoised under the prompt; the original last.
 *
 * @param alone  the parameters that leave this row alone
 * @see Meng et al. 2022, "SDEdit", arXiv 2108.01073
 */
export function editRow(
  row: string,
  picture: string,
  prompt: string,
  iStarts: readonly number[],
  options: EditOptions,
  { base }: Models,
  alone: Part['alone'] = {},
): Part[] {
  const { guidanceScale, seed } = options;
  const inRow = (column: string) => [row, column].filter(Boolean).join(', ');
  const edits = iStarts.map((iStart): Part => {
    const whole = taughtWay(base, options);
    const timesteps = whole.timesteps.slice(iStart);
    const t = timesteps[0]!;
    const calls = estimatesOf({ ...whole, timesteps }) * branches(guidanceScale);
    const column = `i_start = ${iStart}`;
    const label = inRow(column);
    return {
      key: label,
      alone: { ...alone, iStarts: [iStart] },
      inputs: { picture, prompt, iStart, ...options },
      pictures: [picture],
      calls: { base: calls },
      async *run(context) {
        const { noisy, noise } = await noised(context, picture, t, seed);
        const image = yield* walk(context, { stage: 'base', label, calls }, noisy, {
          ...taughtWay(base, options),
          timesteps,
          estimator: pushed(base.estimator, guidanceScale)(prompt),
          noise,
        });
        yield figure({ id: `${row}-i${iStart}`, row, column, image, t, seed });
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
