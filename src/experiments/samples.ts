import * as z from 'zod';
import type { Models } from '../models/model.ts';
import { rows } from '../tensor/tensor.ts';
import { figure, type Part } from './experiment.ts';
import { branches, guidanceScale, PHOTO, prompt, sampler, seed, seedsFrom, setting } from './params.ts';
import { estimatesOf, noiseOf, pushed, type TaughtOptions, taughtWay, walk } from './walk.ts';

export const samplesParams = (defaults: { guidanceScale: number }) =>
  z.strictObject({
    prompt: prompt(PHOTO),
    count: z.int().min(1).max(16).default(5).meta({ grows: true, description: 'how many pictures' }),
    guidanceScale: guidanceScale(defaults.guidanceScale),
    sampler,
    setting,
    seed,
  });

export interface SamplesOptions extends TaughtOptions {
  readonly prompt: string;
  readonly count: number;
  readonly guidanceScale: number;
  readonly seed: number;
}

/** `count` pictures from pure noise, as one batch; picture n is that of seed + n (mod 2³²), alone or in company. */
export function samples(options: SamplesOptions, { base }: Models): Part[] {
  const { prompt, count, guidanceScale, seed } = options;
  const calls = estimatesOf(taughtWay(base, options)) * count * branches(guidanceScale);
  const seeds = seedsFrom(seed, count);
  return [
    {
      key: 'samples',
      inputs: options,
      calls: { base: calls },
      async *run(context) {
        const way = taughtWay(base, options);
        const noise = noiseOf(base, ...seeds);
        const images = yield* walk(
          context,
          { stage: 'base', label: `${count} samples`, calls },
          noise('start', way.timesteps[0]!),
          {
            ...way,
            estimator: pushed(base.estimator, guidanceScale)(prompt),
            noise,
          },
        );
        for (const [i, image] of rows(images).entries())
          yield figure({ id: `sample-${i + 1}`, row: '', column: `Sample ${i + 1}`, image, seed: seeds[i] });
      },
    },
  ];
}
