import { expect, test } from 'vitest';
import { TorchGenerator } from '../tensor/random.ts';
import { mean, type Tensor } from '../tensor/tensor.ts';
import { alternatingViews, balancedViews, rectified } from './balance.ts';
import { gaussianEstimator } from './gaussian.ts';
import { cosineAlphaBar as alphaBar } from './schedule.ts';
import { identity, views } from './views.ts';

const shape = [1, 3, 16, 16];
const draw = (seed: number): Tensor => ({ data: new TorchGenerator(seed).randn(768), shape });
const x = draw(1);
const bright = gaussianEstimator(0.5, 0.3, alphaBar);
const dark = gaussianEstimator(-0.5, 0.3, alphaBar);
const energy = ({ data }: Tensor) => data.reduce((total, value) => total + value ** 2, 0);

test('sides that take turns are each asked at every second step, through their view', async () => {
  const estimator = alternatingViews([identity, bright], [views.negate, bright]);
  const [first, second, third] = [await estimator(x, 500), await estimator(x, 500), await estimator(x, 500)];
  expect(first).toEqual(await bright(x, 500));
  // Bright as a negative is dark.
  second.noise.data.forEach((value, i) => void expect(value).toBeCloseTo(third.noise.data[i]! + offset, 5));
});
/** What the means ±0.5 are apart in the noise at t = 500. */
const offset = (() => {
  const a = alphaBar(500);
  return (2 * 0.5 * Math.sqrt(a) * Math.sqrt(1 - a)) / (a * 0.3 ** 2 + 1 - a);
})();

test('the side that is seen less gains weight at each look, and sides seen alike stay alike', async () => {
  const share = async (weak: number, looks: number) => {
    const estimator = balancedViews(
      [
        [identity, bright],
        [identity, dark],
      ],
      { alphaBar, evidence: async () => [0, weak], every: 2, temperature: 0.05 },
    );
    let noise = x;
    for (let i = 0; i < 2 * looks; i++) ({ noise } = await estimator(x, 500));
    const [a, b] = [(await bright(x, 500)).noise.data[0]!, (await dark(x, 500)).noise.data[0]!];
    return (noise.data[0]! - a) / (b - a);
  };
  expect(await share(0, 3)).toBeCloseTo(0.5, 5);
  // e^1 : 1 is 0.731; half of the way at the first look, three quarters at the second.
  expect(await share(-0.05, 0.5)).toBeCloseTo(0.5, 5);
  expect(await share(-0.05, 1)).toBeCloseTo(0.5 + 0.231 / 2, 3);
  expect(await share(-0.05, 2)).toBeCloseTo(0.5 + (0.231 * 3) / 4, 3);
});

test('the mean of independent estimates is made as long as they are', () => {
  const estimates = [draw(2), draw(3), draw(4)];
  const averaged = mean(estimates);
  expect(energy(averaged) / 768).toBeCloseTo(1 / 3, 1);
  const expected = estimates.reduce((total, one) => total + energy(one), 0) / 3;
  expect(energy(rectified(averaged, estimates))).toBeCloseTo(expected, 1);
  expect(rectified(estimates[0]!, [estimates[0]!]).data).toEqual(estimates[0]!.data);
});
