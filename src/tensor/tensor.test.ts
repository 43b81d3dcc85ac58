import { expect, test } from 'vitest';
import { gaussianBlur, gaussianKernel } from './blur.ts';
import { psnr } from './psnr.ts';
import { TorchGenerator } from './random.ts';
import { bilinearAligned } from './scaling.ts';
import {
  blend,
  channels,
  findNonFinite,
  full,
  joinChannels,
  rows,
  stack,
  tensor,
  weightedSum,
  zeros,
} from './tensor.ts';

test('a tensor of the wrong length says what it expected', () => {
  expect(() => tensor([1, 2, 3], [2, 2])).toThrow(/expected 4 values for \[2, 2\]/);
});

test('images of different shapes are not added', () => {
  expect(() => weightedSum([1, zeros([1, 3, 8, 8])], [1, zeros([1, 3, 8, 9])])).toThrow(
    /expected \[1, 3, 8, 8\]/,
  );
});

test('a mask blends softly between, and copies at its ends', () => {
  const mask = tensor([0, 0.25, 0.5, 1], [1, 1, 2, 2]);
  expect([...blend(mask, full([1, 1, 2, 2], 1), full([1, 1, 2, 2], -1)).data]).toEqual([-1, -0.5, 0, 1]);
  expect(() => blend(tensor([1], [1, 1, 1, 1]), zeros([1, 1, 2, 2]), zeros([1, 1, 2, 2]))).toThrow(
    /like the image/,
  );
});

test('rows and channels taken apart go together again', () => {
  const x = { data: new TorchGenerator(1).randn(2 * 6 * 16), shape: [2, 6, 4, 4] };
  expect(stack(rows(x))).toEqual(x);
  expect(joinChannels([channels(x, 0, 3), channels(x, 3, 6)])).toEqual(x);
});

test('a blur keeps flat pictures flat, and its kernel sums to one', () => {
  const sum = gaussianKernel(33, 2).reduce((a, b) => a + b, 0);
  expect(sum).toBeCloseTo(1, 12);
  for (const value of gaussianBlur(full([1, 3, 20, 24], 0.5), 33, 2).data) expect(value).toBeCloseTo(0.5, 6);
  expect(() => gaussianBlur(zeros([1, 3, 8, 8]), 33, 2)).toThrow(/at most 15/);
  expect(() => gaussianBlur(zeros([1, 3, 64, 64]), 4, 2)).toThrow(/odd/);
});

test('aligned scaling keeps the corners', () => {
  const x = tensor([0, 1, 2, 3], [1, 1, 2, 2]);
  const { data } = bilinearAligned(x, 5, 5);
  expect([data[0], data[4], data[20], data[24], data[12]]).toEqual([0, 1, 2, 3, 1.5]);
});

test('PSNR counts decibels against a peak of two', () => {
  expect(psnr(full([1, 1, 2, 2], 0.2), full([1, 1, 2, 2], 0))).toBeCloseTo(20, 4);
  expect(psnr(zeros([1, 1, 2, 2]), zeros([1, 1, 2, 2]))).toBe(Infinity);
  expect(findNonFinite(tensor([0, Number.NaN], [2]))).toBe(1);
});
