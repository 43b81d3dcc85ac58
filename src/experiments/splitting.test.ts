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
