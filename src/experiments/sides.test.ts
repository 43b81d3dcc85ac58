import { expect, test } from 'vitest';
import { gaussianModel } from '../../test/gaussian-model.ts';
import { HYBRID_BLUR } from '../diffusion/components.ts';
import { gaussianEstimator } from '../diffusion/gaussian.ts';
import { full } from '../tensor/tensor.ts';
import { proveSides } from './side-proofs.ts';
import { guidanceOf, looked, lookedFor, nearOf, sideFigure, sideOf, sidesOf, weakestOf } from './sides.ts';
import { splitting } from './splitting.ts';
import { viewInWords } from './view-in-words.ts';

const hybrid = splitting({ ...HYBRID_BLUR, factorization: 'hybrid', mask: 'meadow-centre' });
const sided = sidesOf(
  {
    prompts: ['0.6', '-0.2'],
    views: ['identity', 'flip'],
    near: ['0.9'],
    negatives: [''],
    guidance: [7],
    weights: [1],
  },
  hybrid,
);

test('a side that is a hybrid is looked at from afar and from near, and is as good as the weaker of the two', () => {
  expect(lookedFor(sided)).toEqual(['0.6', '0.9', '-0.2']);
  expect(looked(sided).map(({ prompt }) => prompt)).toEqual(lookedFor(sided));
  expect(weakestOf(sided, [0.9, 0.3, 0.7])).toEqual([0.3, 0.7]);
  expect(sideFigure(sided).sides?.map(({ view, part }) => [view, part])).toEqual([
    ['identity', { factorization: 'hybrid', index: 0, ...HYBRID_BLUR }],
    ['identity', undefined],
    ['flip', undefined],
  ]);
});

test('what is the same all over is low frequency: the prompt from afar decides it, not the one from near', async () => {
  const { alphaBar } = gaussianModel;
  const stage = (prompt: string) => gaussianEstimator(Number(prompt), 0.3, alphaBar);
  const x = full([1, 3, 32, 32], 0.1);
  const [, estimator] = sideOf(sided.sides[0]!, hybrid, stage, 32);
  const [found, afar] = [await estimator(x, 500), await stage('0.6')(x, 500)];
  expect(found.noise.data[0]).toBeCloseTo(afar.noise.data[0]!, 4);
});

test('guidance is one for all, one for each side, or one for each prompt, and comes back as it was given', () => {
  const lists = {
    prompts: ['a', 'b'],
    views: ['identity', 'flip'],
    near: ['c'],
    negatives: [''],
    weights: [1],
  };
  const pushes = (guidance: number[]) =>
    sidesOf({ ...lists, guidance }, hybrid).sides.map(({ guidanceScale, beside }) => [
      guidanceScale,
      beside?.[0]?.guidanceScale,
    ]);
  expect(pushes([7])).toEqual([
    [7, 7],
    [7, undefined],
  ]);
  expect(pushes([7, 5])).toEqual([
    [7, 7],
    [5, undefined],
  ]);
  expect(pushes([5, 9, 4])).toEqual([
    [5, 9],
    [4, undefined],
  ]);
  expect(guidanceOf(sidesOf({ ...lists, guidance: [5, 9, 4] }, hybrid))).toEqual([5, 9, 4]);
  expect(guidanceOf(sidesOf({ ...lists, guidance: [7, 5] }, hybrid))).toEqual([7, 5]);
  expect(nearOf(sidesOf({ ...lists, guidance: [7] }, hybrid))).toEqual(['c', '']);
});

test('a hybrid alone is one side, told as a hybrid; one side that shows one thing is refused', () => {
  const lists = { prompts: ['a'], views: ['identity'], negatives: [''], guidance: [5, 9], weights: [1] };
  const alone = sidesOf({ ...lists, near: ['b'] }, hybrid);
  expect(alone.sides).toMatchObject([
    { prompt: 'a', guidanceScale: 5, beside: [{ prompt: 'b', guidanceScale: 9 }] },
  ]);
  expect(sideFigure(alone)).toMatchObject({ caption: 'b', farCaption: 'a' });
  expect(sideFigure(alone).view).toBeUndefined();
  expect(() => sidesOf({ ...lists, guidance: [7] }, hybrid)).toThrow(
    /one side that shows one thing is no illusion/,
  );
});

test('more prompts from near than sides are refused', () => {
  const lists = {
    prompts: ['a', 'b'],
    views: ['identity', 'flip'],
    negatives: [''],
    guidance: [7],
    weights: [1],
  };
  expect(() => sidesOf({ ...lists, near: ['a', 'b', 'c'] }, hybrid)).toThrow(/near: 3 given for 2 prompts/);
});

test('a view from a list is told in few words, another list in others', () => {
  expect(viewInWords('rotate_cw + negate')).toBe('rotate_cw + negate');
  expect(viewInWords('[1,0,3,2] + negate')).toMatch(/^list of 2 × 2, \w{6,7} \+ negate$/);
  expect(viewInWords('[1,0,3,2]')).not.toBe(viewInWords('[2,3,0,1]'));
});

test('a list that shows a pixel twice is refused with what it does to the noise, or that is said where it is forced', () => {
  const seen = (view: string) => ['identity', view].map((view) => ({ view }));
  expect(proveSides(seen('[1,0,3,2]'), 8, false)).toEqual([]);
  const twice = seen('[1,1,3,2]');
  const failure =
    /list of 2 × 2, \w+ is no orthogonal view: row 0, column 4 shows the pixel of row 0, column 0 again, .* correlation of (1\.00|0\.9\d)/;
  expect(() => proveSides(twice, 8, false)).toThrow(failure);
  expect(proveSides(twice, 8, true)).toEqual([expect.stringMatching(failure)]);
});
