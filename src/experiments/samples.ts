import { noisePerImage } from '../diffusion/noise.ts';
import type { SamplerName } from '../diffusion/samplers.ts';
import type { Models } from '../models/model.ts';
import { rows } from '../tensor/tensor.ts';
import type { Part } from './experiment.ts';
import { branches, type Setting, samplerNamed, settings } from './params.ts';
import { prompted, walk } from './walk.ts';

export interface SamplesOptions {
  readonly prompt: string;
  readonly count: number;
  readonly guidanceScale: number;
  readonly sampler: SamplerName;
  readonly setting: Setting;
  readonly seed: number;
}

/** `count` pictures from pure noise, as one batch; picture n is that of seed + n, alone or in company. */
export function samples(options: SamplesOptions, { base }: Models): Part[] {
  const { prompt, count, guidanceScale, sampler, setting, seed } = options;
  const timesteps = settings[setting].timesteps();
  const seeds = Array.from({ length: count }, (_, i) => seed + i);
  return [
    {
      key: 'samples',
      inputs: options,
      calls: { base: (timesteps.length - 1) * count * branches(guidanceScale) },
      async *run({ signal }) {
        const noise = noisePerImage(seeds, [3, base.sampleSize, base.sampleSize]);
        const images = yield* walk(`${count} samples`, noise('start', timesteps[0]!), {
          estimator: prompted(base.estimator, prompt, guidanceScale),
          alphaBar: base.alphaBar,
          threshold: settings[setting].threshold(base),
          sampler: samplerNamed(sampler),
          timesteps,
          noise,
          signal,
        });
        for (const [i, image] of rows(images).entries()) {
          yield {
            type: 'figure',
            figure: { id: `sample-${i + 1}`, row: '', column: `Sample ${i + 1}`, image, seed: seeds[i] },
          };
        }
      },
    },
  ];
}
