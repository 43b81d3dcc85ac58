import { expect, test } from 'vitest';
import { gaussianModel } from '../../test/gaussian-model.ts';
import { factorizations, HYBRID_BLUR } from '../diffusion/components.ts';
import { gaussianEstimator } from '../diffusion/gaussian.ts';
import type { PixelModel } from '../models/model.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Figure } from './experiment.ts';
import { everyExperiment } from './index.ts';
import { pictureBook } from './pictures.ts';
import { parseParams } from './recipe.ts';
import { runExperiment } from './runner.ts';

/** Prompts are the mean brightness they speak of. */
const base: PixelModel = {
  ...gaussianModel,
  estimator: (prompt) => gaussianEstimator(Number(prompt) || 0, 0.05, gaussianModel.alphaBar),
};
const context = { base, ...pictureBook() };
const named = (id: string) => everyExperiment.find((experiment) => experiment.id === id)!;

async function drawn(id: string, params: object): Promise<Figure> {
  let found: Figure | undefined;
  for await (const event of runExperiment(named(id), { steps: 12, ...params }, context))
    if (event.type === 'figure') found = event.figure;
  return found!;
}

/** The mean of a picture where a mask is 1, and where it is 0. */
function means({ data, shape }: Tensor, mask: Tensor): number[] {
  const plane = shape[2]! * shape[3]!;
  const mean = (side: number) => {
    const of = [...data].filter((_, i) => mask.data[i % plane] === side);
    return of.reduce((sum, value) => sum + value, 0) / of.length;
  };
  return [mean(1), mean(0)];
}

test('by a mask, the first prompt has what is white, the second the rest', async () => {
  const asked = { prompts: ['0.5', '-0.5'], factorization: 'mask', mask: 'beach-centre', guidanceScale: 1 };
  const { image } = await drawn('factorize', asked);
  const [white, black] = means(image, await context.mask('beach-centre', 32));
  expect(white).toBeCloseTo(0.5, 1);
  expect(black).toBeCloseTo(-0.5, 1);
});

test('by shares two prompts are mixed, and one above 1 negates the other', async () => {
  const mean = async (share: number) => {
    const asked = { prompts: ['0.4', '-0.2'], factorization: 'shares', share, guidanceScale: 1 };
    const { image } = await drawn('factorize', asked);
    return image.data.reduce((sum, value) => sum + value, 0) / image.data.length;
  };
  expect(await mean(0.5)).toBeCloseTo(0.1, 1);
  expect(await mean(1.5)).toBeCloseTo(0.7, 1);
});

test('an anagram is painted into a photograph: outside of the mask it stays', async () => {
  const asked = { prompt: '0.9', hidden: '0.9', factorization: 'mask', mask: 'meadow-centre', part: 2 };
  const { image } = await drawn('pin', { picture: 'meadow', guidanceScale: 1, ...asked });
  const [photo, mask] = [await context.picture('meadow', 32), await context.mask('meadow-centre', 32)];
  const outside = image.data.filter((_, i) => mask.data[i % 1024] === 0);
  const kept = photo.data.filter((_, i) => mask.data[i % 1024] === 0);
  expect(Math.max(...outside.map((value, i) => Math.abs(value - kept[i]!)))).toBeLessThan(1e-5);
  expect(means(image, mask)[0]).toBeCloseTo(0.9, 1);
});

test.each([
  ['factorize', { mask: 'beach-centre' }, /mask: it does nothing with factorization triple/],
  [
    'factorize',
    { share: 2, factorization: 'colour', prompts: ['a', 'b'] },
    /share: it does nothing with factorization colour/,
  ],
  ['pin', { mask: 'beach-centre' }, /mask: it does nothing with factorization hybrid/],
  ['illusion', { prompts: ['a'], near: ['b'], balance: 'auto' }, /balance: there is one side/],
  ['factorize', { sigma: 3, factorization: 'colour', prompts: ['a', 'b'] }, /sigma: it does nothing with/],
  [
    'factorize',
    { kernelSize: 5, factorization: 'halves', prompts: ['a', 'b'] },
    /kernelSize: it does nothing/,
  ],
  [
    'pin',
    { kernelSize: 5, factorization: 'motion' },
    /kernelSize: it does nothing with factorization motion/,
  ],
  ['pin', { view: 'flip' }, /view: it does nothing with hidden left out/],
  ['illusion', { factorization: 'colour' }, /factorization: it does nothing with near left out/],
  [
    'illusion',
    { sigma: 3, near: ['a'], factorization: 'colour' },
    /sigma: it does nothing with factorization/,
  ],
  ['search', { negatives: ['a'], guidance: ['1'] }, /negatives: it does nothing with guidance 1/],
  ['sample', { upscale: false, noiseLevel: 9 }, /noiseLevel: it does nothing with upscale false/],
  ['sample', { preset: 'smart50', steps: 9 }, /steps: it does nothing with preset smart50/],
  ['img2img', { guidanceScale: 1, guidanceTo: 9 }, /guidanceTo: it does nothing with guidanceScale 1/],
  ['illusion', { sigma: 3 }, /sigma: it does nothing with near left out/],
])('%s with %j is refused: it would change nothing', (id, params, refusal) => {
  expect(() => named(id).parts(parseParams(named(id), params), { base })).toThrow(refusal);
});

test('a share of everything is no part that a photograph could hold', () => {
  expect(() => parseParams(named('pin'), { factorization: 'shares' })).toThrow(
    /factorization: expected one of hybrid/,
  );
});

test('what parts near from far is a parameter of illusions and of a search, whose pictures are drawn again by it', async () => {
  const asked = { prompts: ['0.1'], near: ['0.1'], guidance: [1], steps: 4 };
  const shown = (sigma: number) => drawn('illusion', { ...asked, sigma, judge: false });
  const [usual, wide] = [await shown(2), await shown(4)];
  const [afar] = factorizations.hybrid.looks(32, HYBRID_BLUR);
  const contrast = ({ image }: Figure) => Math.max(...afar!(image).data);
  expect(contrast(wide)).not.toBe(contrast(usual));
  const borrowed: unknown[] = [];
  const search = { ...asked, guidance: ['1'], sigma: [3], seeds: 1, keep: 1, drop: false };
  for await (const event of runExperiment(named('search'), search, context))
    if (event.type === 'part-start' && event.experiment.id === 'illusion') borrowed.push(event.params);
  expect(borrowed).toMatchObject([{ near: ['0.1'], sigma: 3, factorization: 'hybrid' }]);
});

const EVEN = { guidance: [1], steps: 12, judge: false };

test('a side of an anagram is split by a mask, and its other parts show something else', async () => {
  const asked = { prompts: ['0.5', '0'], near: ['-0.5'], factorization: 'mask', mask: 'beach-centre' };
  const { image, sides } = await drawn('illusion', { ...asked, ...EVEN, weights: [100, 0.01] });
  const [white, black] = means(image, await context.mask('beach-centre', 32));
  expect(white).toBeCloseTo(0.5, 1);
  expect(black).toBeCloseTo(-0.5, 1);
  expect(sides).toMatchObject([
    { view: 'identity', caption: 'where the mask is white: 0.5' },
    { view: 'identity', caption: 'where it is black: -0.5' },
    { view: 'rotate180', caption: '0' },
  ]);
});

test('a side that is split in three shows three things, and comes back with all of them from a search', async () => {
  const asked = { prompts: ['0.3', '0.3'], near: ['0.1', '0.2'], factorization: 'triple' };
  const { sides } = await drawn('illusion', { ...asked, ...EVEN });
  expect(sides?.map(({ caption }) => caption)).toEqual([
    'from afar: 0.3',
    'from the middle: 0.1',
    'from near: 0.2',
    '0.3',
  ]);
  const borrowed: unknown[] = [];
  const search = { ...asked, guidance: ['1'], steps: 4, seeds: 1, keep: 1, drop: false, views: ['flip'] };
  for await (const event of runExperiment(named('search'), search, context))
    if (event.type === 'part-start' && event.experiment.id === 'illusion') borrowed.push(event.params);
  expect(borrowed).toMatchObject([{ near: ['0.1', '0.2', '', ''], factorization: 'triple' }]);
  expect(() => parseParams(named('illusion'), borrowed[0])).not.toThrow();
});

test('what a mask, a motion and colours leave differs: no way to split a side is without effect', async () => {
  const shown = async (factorization: string, more = {}) => {
    const asked = { prompts: ['0.4', '0.1'], near: ['-0.4'], factorization, ...more };
    return String((await drawn('illusion', { ...asked, ...EVEN, steps: 4 })).image.data);
  };
  const pictures = await Promise.all([
    shown('hybrid'),
    shown('colour'),
    shown('halves'),
    shown('mask'),
    shown('mask', { mask: 'beach-centre' }),
    shown('shares'),
    shown('shares', { share: 1.4 }),
    shown('motion'),
    shown('motion', { sigma: 4 }),
  ]);
  expect(new Set(pictures).size).toBe(pictures.length);
});

test('a side of three parts that says what two show is refused with the parts that it has', () => {
  const parts = (near: string[]) =>
    named('illusion').parts(parseParams(named('illusion'), { near, factorization: 'triple' }), { base });
  expect(() => parts(['a'])).toThrow(/near: side 1 is taken apart in 3/);
  expect(() => parts(['a', 'b', 'c', 'd', 'e'])).toThrow(/near: 5 given for 2 prompts/);
  expect(() => parts(['', '', 'a', 'b'])).not.toThrow();
});

/** A judge who says how bright a picture is, and how much its neighbours differ. */
const judging: PixelModel = {
  ...base,
  judge: {
    fingerprint: 'brightness',
    subjectOf: (prompt) => prompt,
    async classify({ data }, prompts) {
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      return prompts.map((prompt) => 1 - Math.abs(mean - Number(prompt)));
    },
    close: async () => undefined,
  },
};

test('of a factorisation each part is judged as it is seen, and what is negated is not', async () => {
  const verdictOf = async (params: object) => {
    let found: Figure | undefined;
    const models = { ...context, base: judging };
    for await (const event of runExperiment(
      named('factorize'),
      { steps: 12, guidanceScale: 1, ...params },
      models,
    ))
      if (event.type === 'figure') found = event.figure;
    return found!;
  };
  const halves = await verdictOf({ prompts: ['0.8', '0'], factorization: 'halves' });
  // The left half alone, with grey in the place of the right one: half as bright.
  expect(halves.verdict?.by).toBe('judge');
  expect(halves.verdict?.sides.map(({ gain }) => gain)).toEqual([
    expect.closeTo(0.6, 1),
    expect.closeTo(1, 1),
  ]);
  const colours = await verdictOf({ prompts: ['0.3', '0.3'], factorization: 'colour' });
  expect(colours.sides?.map(({ part }) => part)).toEqual([{ factorization: 'colour', index: 0 }, undefined]);
  const negated = await verdictOf({ prompts: ['0.4', '-0.2'], factorization: 'shares', share: 1.5 });
  expect(negated.verdict?.sides.map(({ prompt }) => prompt)).toEqual(['0.4']);
});

test('with a component pinned, what is drawn is judged in the part in which it is seen, and the photograph is not', async () => {
  let found: Figure | undefined;
  const asked = { picture: 'meadow', prompt: '0.5', factorization: 'hybrid', part: 2, steps: 4 };
  for await (const event of runExperiment(named('pin'), asked, { ...context, base: judging }))
    if (event.type === 'figure') found = event.figure;
  expect(found?.verdict?.sides.map(({ prompt }) => prompt)).toEqual(['0.5']);
  expect(found?.sides).toMatchObject([
    { caption: 'from afar: 0.5', part: { factorization: 'hybrid', index: 0 } },
    { caption: 'from near: meadow' },
  ]);
});
