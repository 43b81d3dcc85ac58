import { expect, test } from 'vitest';
import { noiseStream } from '../src/diffusion/noise.ts';
import { gaussianBlur } from '../src/tensor/blur.ts';
import { tensor } from '../src/tensor/tensor.ts';
import { gaussianPower, spectrumOf } from './spectrum.ts';

const noise = noiseStream(3, [1, 3, 64, 64])('test', 0);

test('of independent values every band has the power of one', () => {
  const variance = noise.data.reduce((sum, value) => sum + value ** 2, 0) / noise.data.length;
  const bands = spectrumOf(noise, 8);
  expect(bands.map(({ frequency }) => frequency)).toEqual([1, 3, 5, 7, 9, 11, 13, 15].map((i) => i / 32));
  // 30 coefficients in the narrowest ring of each of 3 channels: a deviation of √(2/90) of the mean.
  for (const { power } of bands) expect(Math.abs(power / variance - 1)).toBeLessThan(0.5);
});

test('a wave has its power at its frequency, and as much as its values', () => {
  const wave = Float32Array.from({ length: 64 * 64 }, (_, i) =>
    Math.cos((2 * Math.PI * ((i % 64) + 0.5)) / 8),
  );
  const bands = spectrumOf(tensor(wave, [1, 1, 64, 64]), 32);
  const loudest = bands.reduce((most, band) => (band.power > most.power ? band : most));
  expect(loudest.frequency).toBeCloseTo(1 / 8, 1);
  const others = bands.filter((band) => band !== loudest).map(({ power }) => power);
  expect(Math.max(...others)).toBeLessThan(1e-6 * loudest.power);
});

test('a Gaussian blur lets through what its gain says', () => {
  const sigma = 1.5;
  const [before, after] = [spectrumOf(noise, 16), spectrumOf(gaussianBlur(noise, 13, sigma), 16)];
  for (const [i, { frequency, power }] of after.slice(0, 5).entries())
    expect(power / before[i]!.power).toBeCloseTo(gaussianPower(sigma, frequency), 1);
});
