import { noisePerImage } from '../diffusion/noise.ts';
import { addNoise } from '../diffusion/process.ts';
import type { SamplerName } from '../diffusion/samplers.ts';
import type { Models } from '../models/model.ts';
import type { Part } from './experiment.ts';
import { branches, type Setting, samplerNamed, settings } from './params.ts';
import { prompted, walk } from './walk.ts';

export interface EditOptions {
  readonly guidanceScale: number;
  readonly sampler: SamplerName;
  readonly setting: Setting;
  readonly seed: number;
}

/**
 * One row of SDEdit: the picture noised to the level of each i_start, then denoised under the prompt; the original last.
 *
 * @see Meng et al. 2022, "SDEdit", arXiv 2108.01073
 */
export function editRow(
  row: string,
  picture: string,
  prompt: string,
  iStarts: readonly number[],
  options: EditOptions,
  { base }: Models,
): Part[] {
  const { guidanceScale, sampler, setting, seed } = options;
  const edits = iStarts.map((iStart): Part => {
    const timesteps = settings[setting].timesteps().slice(iStart);
    return {
      key: `${row}, i_start = ${iStart}`,
      inputs: { picture, prompt, iStart, ...options },
      pictures: [picture],
      calls: { base: (timesteps.length - 1) * branches(guidanceScale) },
      async *run(context) {
        const original = await context.picture(picture, base.sampleSize);
        const noise = noisePerImage([seed], [3, base.sampleSize, base.sampleSize]);
        const t = timesteps[0]!;
        const image = yield* walk(
          [row, `i_start = ${iStart}`].filter(Boolean).join(', '),
          addNoise(original, noise('forward', t), base.alphaBar(t)),
          {
            estimator: prompted(base.estimator, prompt, guidanceScale),
            alphaBar: base.alphaBar,
            threshold: settings[setting].threshold(base),
            sampler: samplerNamed(sampler),
            timesteps,
            noise,
            signal: context.signal,
          },
        );
        yield {
          type: 'figure',
          figure: { id: `${row}-i${iStart}`, row, column: `i_start = ${iStart}`, image, t, seed },
        };
      },
    };
  });
  const original: Part = {
    key: `${row}, original`,
    inputs: { picture },
    pictures: [picture],
    calls: { base: 0 },
    async *run(context) {
      yield {
        type: 'figure',
        figure: {
          id: `${row}-original`,
          row,
          column: 'Original',
          image: await context.picture(picture, base.sampleSize),
        },
      };
    },
  };
  return [...edits, original];
}
