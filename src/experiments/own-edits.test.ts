import { expect, test } from 'vitest';
import { closedBy } from '../closable.ts';
import { gaussianEstimator } from '../diffusion/gaussian.ts';
import { cosineAlphaBar as alphaBar } from '../diffusion/schedule.ts';
import { noThreshold } from '../diffusion/threshold.ts';
import type { PixelModel } from '../models/model.ts';
import type { Tensor } from '../tensor/tensor.ts';
import cleanInpainting from './clean-inpainting.ts';
import type { Experiment } from './experiment.ts';
import imageToImage from './image-to-image.ts';
import { pictureBook } from './pictures.ts';
import { runExperiment } from './runner.ts';

const base: PixelModel = {
  name: 'gaussian',
  fingerprint: 'gaussian',
  parameters: 2,
  sampleSize: 16,
  numTrainTimesteps: 1000,
  alphaBar,
  threshold: noThreshold,
  estimator: () => gaussianEstimator(0.2, 0.3, alphaBar),
  tokens: () => ({ count: 1, cut: '' }),
  ...closedBy(async () => undefined),
};
const book = pictureBook();

/** Pictures by id, and the levels at which the model was asked. */
async function run(experiment: Experiment, params: object) {
  const levels: number[] = [];
  const pictures = new Map<string, Tensor>();
  for await (const event of runExperiment(experiment, params, {
    base,
    picture: book.picture,
    mask: book.mask,
  })) {
    if (event.type === 'step') levels.push(event.step.t);
    if (event.type === 'figure') pictures.set(event.figure.id, event.figure.image);
  }
  return { levels, original: pictures.get('original')!, result: pictures.get('result')! };
}

const asIf = { sampler: 'ddpm', preset: 'even' };

test('of the steps, the strength says how many of the last are taken', async () => {
  expect((await run(imageToImage, {})).levels).toEqual([693, 594, 495, 396, 297, 198, 99]);
  expect((await run(imageToImage, { ...asIf, strength: 0.7, steps: 10 })).levels).toEqual([
    600, 500, 400, 300, 200, 100, 0,
  ]);
  expect((await run(imageToImage, { ...asIf, strength: 1, steps: 4 })).levels).toEqual([750, 500, 250, 0]);
  const { levels } = await run(imageToImage, { strength: 0.5, preset: 'fast27' });
  expect(levels).toHaveLength(13);
  expect(levels.at(-1)).toBe(0);
});

test('outside the mask the picture comes back bit for bit, inside it changes', async () => {
  const { original, result } = await run(cleanInpainting, { steps: 10, mask: 'campanile-top' });
  const { data } = await book.mask('campanile-top', 16);
  const inside = [...result.data].map(
    (value, i) => [data[i % 256]! > 0, value === original.data[i]] as const,
  );
  expect(inside.filter(([may]) => !may).every(([, same]) => same)).toBe(true);
  expect(inside.filter(([may]) => may).some(([, same]) => same)).toBe(false);
});
