import { expect, test } from 'vitest';
import { closedBy } from '../closable.ts';
import { gaussianEstimator } from '../diffusion/gaussian.ts';
import { cosineAlphaBar as alphaBar } from '../diffusion/schedule.ts';
import { noThreshold } from '../diffusion/threshold.ts';
import type { Models, PixelModel, Upscaler } from '../models/model.ts';
import type { Tensor } from '../tensor/tensor.ts';
import cleanInpainting from './clean-inpainting.ts';
import type { Experiment } from './experiment.ts';
import imageToImage from './image-to-image.ts';
import inpainting from './inpainting.ts';
import { nameOfPicture } from './params.ts';
import { pictureBook } from './pictures.ts';
import { runExperiment } from './runner.ts';
import sdedit from './sdedit.ts';

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
const large = { ...base, sampleSize: 32 };
const upscaler: Upscaler = { ...large, conditioned: () => large.estimator };

/** Pictures by id, the levels at which stage I was asked, and the calls of both stages, said and made. */
async function run(experiment: Experiment, params: object, models: Models = { base }) {
  const levels: number[] = [];
  const calls = { base: 0, upscaler: 0 };
  let said: object = {};
  const pictures = new Map<string, Tensor>();
  for await (const event of runExperiment(experiment, params, {
    ...models,
    picture: book.picture,
    mask: book.mask,
  })) {
    if (event.type === 'part-start') said = event.calls;
    if (event.type === 'step') calls[event.stage] += 1;
    if (event.type === 'step' && event.stage === 'base') levels.push(event.step.t);
    if (event.type === 'figure') pictures.set(event.figure.id, event.figure.image);
  }
  return {
    levels,
    said,
    calls,
    pictures,
    original: pictures.get('original')!,
    result: pictures.get('result')!,
  };
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

test.each([
  [imageToImage, {}, 'result-ii'],
  [cleanInpainting, { mask: 'campanile-top' }, 'result-ii'],
  [cleanInpainting, { mask: 'campanile-top', putBack: 'noised' }, 'result-ii'],
  [inpainting, { pictures: ['campanile'], masks: ['campanile-top'] }, '1-result-ii'],
])(
  '$id: stage II enlarges what was edited, and outside the mask gives the picture back',
  async (one, params, id) => {
    const { pictures } = await run(one, params, { base, upscaler });
    const drawn = pictures.get(id)!;
    expect(drawn.shape).toEqual([1, 3, 32, 32]);
    const original = await book.picture('campanile', 32);
    const { data } = await book.mask('campanile-top', 32);
    const kept = [...drawn.data].filter((value, i) => value === original.data[i]).length;
    const outside = 'mask' in params || 'masks' in params ? data.filter((may) => may === 0).length : 0;
    expect(kept).toBe(3 * outside);
    expect((await run(one, { ...params, upscale: false }, { base, upscaler })).pictures.has(id)).toBe(false);
    expect((await run(one, params)).pictures.has(id)).toBe(false);
  },
);

test('of an edit all calls are said: without guidance one a step, a step taken four times has four', async () => {
  const often = { putBack: 'noised', resamplings: 4 };
  const edit = { mask: 'campanile-top', steps: 6, guidanceScale: 1, ...often, upscaleSteps: 3 };
  const { said, calls } = await run(cleanInpainting, edit, { base, upscaler });
  expect(said).toEqual({ base: 6 + 3 * 5, upscaler: 3 });
  expect(calls).toEqual({ base: 6, upscaler: 3 });
  await expect(run(cleanInpainting, { resamplings: 4 })).rejects.toThrow(
    'it does nothing with putBack clean',
  );
});

test('SDEdit enlarges where it is asked to, in a row of its own', async () => {
  const { pictures } = await run(sdedit, { iStarts: [30], upscale: true }, { base, upscaler });
  expect([...pictures].map(([id, { shape }]) => [id, shape[2]])).toEqual([
    ['-i30', 16],
    ['-i30-ii', 32],
    ['-original', 16],
  ]);
  expect((await run(sdedit, { iStarts: [30] }, { base, upscaler })).pictures.has('-i30-ii')).toBe(false);
  await expect(run(sdedit, { upscale: true })).rejects.toThrow('no stage II');
});

test('how stage II shall go is refused where there is none', async () => {
  await expect(run(imageToImage, { upscaleSteps: 2 })).rejects.toThrow(
    'upscaleSteps: it does nothing: the checkpoint comes with no stage II',
  );
  await expect(run(imageToImage, { upscaleSteps: 2, upscale: false })).rejects.toThrow('upscale false');
});

test('a file that was sent to a server is asked for by its name there', async () => {
  const sent = `object:${'0'.repeat(64)}`;
  await expect(book.picture(sent, 16)).rejects.toThrow(`${sent} is a file that was sent to a server`);
  expect(() => pictureBook({ instead: { [sent]: 'photo.png' } })).not.toThrow();
  expect(() => pictureBook({ instead: { tower: 'photo.png' } })).toThrow('no built-in picture');
});

test.each([
  ['drawing-house', 'drawing, house'],
  ['/home/me/stick-figure-64.png', 'stick-figure-64'],
  ['my-photo.jpg', 'my-photo'],
])('a picture is called by its name: %s', (reference, name) => {
  expect(nameOfPicture(reference)).toBe(name);
});
