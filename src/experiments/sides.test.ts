import { expect, test } from 'vitest';
import { gaussianModel } from '../../test/gaussian-model.ts';
import { gaussianEstimator } from '../diffusion/gaussian.ts';
import { full } from '../tensor/tensor.ts';
import {
  guidanceOf,
  looked,
  lookedFor,
  proveSides,
  sideFigure,
  sideOf,
  sidesOf,
  weakestOf,
} from './sides.ts';
import { viewInWords } from './view-in-words.ts';

const sides = sidesOf({
  prompts: ['0.6', '-0.2'],
  views: ['identity', 'flip'],
  near: ['0.9'],
  negatives: [''],
  guidance: [7],
  weights: [1],
});

test('a side that is a hybrid is looked at from afar and from near, and is as good as the weaker of the two', () => {
  expect(lookedFor(sides)).toEqual(['0.6', '0.9', '-0.2']);
  expect(looked(sides).map(({ prompt }) => prompt)).toEqual(lookedFor(sides));
  expect(weakestOf(sides, [0.9, 0.3, 0.7])).toEqual([0.3, 0.7]);
  expect(sideFigure(sides).sides?.map(({ view, afar }) => [view, afar])).toEqual([
    ['identity', true],
    ['identity', undefined],
    ['flip', undefined],
  ]);
});

test('what is the same all over is low frequency: the prompt from afar decides it, not the one from near', async () => {
  const { alphaBar } = gaussianModel;
  const stage = (prompt: string) => gaussianEstimator(Number(prompt), 0.3, alphaBar);
  const x = full([1, 3, 32, 32], 0.1);
  const [, hybrid] = sideOf(sides[0]!, stage, 32);
  const [found, afar] = [await hybrid(x, 500), await stage('0.6')(x, 500)];
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
    sidesOf({ ...lists, guidance }).map(({ guidanceScale, nearGuidance }) => [guidanceScale, nearGuidance]);
  expect(pushes([7])).toEqual([
    [7, undefined],
    [7, undefined],
  ]);
  expect(pushes([7, 5])).toEqual([
    [7, undefined],
    [5, undefined],
  ]);
  expect(pushes([5, 9, 4])).toEqual([
    [5, 9],
    [4, undefined],
  ]);
  expect(guidanceOf(sidesOf({ ...lists, guidance: [5, 9, 4] }))).toEqual([5, 9, 4]);
  expect(guidanceOf(sidesOf({ ...lists, guidance: [7, 5] }))).toEqual([7, 5]);
});

test('a hybrid alone is one side, told as a hybrid; one side that shows one thing is refused', () => {
  const lists = { prompts: ['a'], views: ['identity'], negatives: [''], guidance: [5, 9], weights: [1] };
  const alone = sidesOf({ ...lists, near: ['b'] });
  expect(alone).toMatchObject([{ prompt: 'a', near: 'b', guidanceScale: 5, nearGuidance: 9 }]);
  expect(sideFigure(alone)).toMatchObject({ caption: 'b', farCaption: 'a' });
  expect(sideFigure(alone).view).toBeUndefined();
  expect(() => sidesOf({ ...lists, guidance: [7] })).toThrow(/one side that shows one thing is no illusion/);
});

test('more prompts from near than sides are refused', () => {
  const lists = {
    prompts: ['a', 'b'],
    views: ['identity', 'flip'],
    negatives: [''],
    guidance: [7],
    weights: [1],
  };
  expect(() => sidesOf({ ...lists, near: ['a', 'b', 'c'] })).toThrow(/near: 3 given for 2 prompts/);
});

test('a view from a list is told in few words, another list in others', () => {
  expect(viewInWords('rotate_cw + negate')).toBe('rotate_cw + negate');
  expect(viewInWords('[1,0,3,2] + negate')).toMatch(/^list of 2 × 2, \w{6,7} \+ negate$/);
  expect(viewInWords('[1,0,3,2]')).not.toBe(viewInWords('[2,3,0,1]'));
});

test('a list that shows a pixel twice is refused with what it does to the noise, or that is said where it is forced', () => {
  const seen = (view: string) =>
    sidesOf({
      prompts: ['a', 'b'],
      views: ['identity', view],
      negatives: [''],
      guidance: [7],
      weights: [1],
    });
  expect(proveSides(seen('[1,0,3,2]'), 8, false)).toEqual([]);
  const twice = seen('[1,1,3,2]');
  const failure =
    /list of 2 × 2, \w+ is no orthogonal view: row 0, column 4 shows the pixel of row 0, column 0 again, .* correlation of (1\.00|0\.9\d)/;
  expect(() => proveSides(twice, 8, false)).toThrow(failure);
  expect(proveSides(twice, 8, true)).toEqual([expect.stringMatching(failure)]);
});
