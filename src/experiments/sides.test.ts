import { expect, test } from 'vitest';
import { gaussianModel } from '../../test/gaussian-model.ts';
import { gaussianEstimator } from '../diffusion/gaussian.ts';
import { full } from '../tensor/tensor.ts';
import { looked, lookedFor, sideFigure, sideOf, sidesOf, weakestOf } from './sides.ts';

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
  expect(sideFigure(sides).sides.map(({ view }) => view)).toEqual(['identity', 'identity', 'flip']);
});

test('what is the same all over is low frequency: the prompt from afar decides it, not the one from near', async () => {
  const { alphaBar } = gaussianModel;
  const stage = (prompt: string) => gaussianEstimator(Number(prompt), 0.3, alphaBar);
  const x = full([1, 3, 32, 32], 0.1);
  const [, hybrid] = sideOf(sides[0]!, stage, 32);
  const [found, afar] = [await hybrid(x, 500), await stage('0.6')(x, 500)];
  expect(found.noise.data[0]).toBeCloseTo(afar.noise.data[0]!, 4);
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
