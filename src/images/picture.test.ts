import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tensor } from '../tensor/tensor.ts';
import {
  containSquare,
  cropSquare,
  fromPicture,
  grey,
  maskFromPicture,
  overWhite,
  pictureOfMask,
  toPicture,
} from './picture.ts';

test('every 8-bit value survives the way to [-1, 1] and back', () => {
  const data = Uint8Array.from({ length: 256 * 3 }, (_, i) => i % 256);
  const picture = { width: 16, height: 16, channels: 3, data };
  expect(toPicture(fromPicture(picture))).toEqual(picture);
});

test('any finite value becomes 0 … 255', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (x) => {
      const [v] = toPicture(tensor([x, x, x], [1, 3, 1, 1])).data;
      expect(v).toBe(x <= -1 ? 0 : x >= 1 ? 255 : v);
    }),
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d is no black, and no white', (x) => {
  expect(() => toPicture(tensor([0, x, 0], [1, 3, 1, 1]))).toThrow(`value 1 of 3 is ${x}`);
});

test('a batch of two is no picture', () => {
  expect(() => toPicture(tensor(new Float32Array(24), [2, 3, 2, 2]))).toThrow('[2, 3, 2, 2]');
});

test('a mask is 1 from one half on', () => {
  const picture = { width: 4, height: 1, channels: 1, data: Uint8Array.of(0, 127, 128, 255) };
  const mask = maskFromPicture(picture);
  expect([...mask.data]).toEqual([0, 0, 1, 1]);
  expect([...pictureOfMask(mask).data]).toEqual([0, 0, 255, 255]);
});

test('grey is the luma of ITU-R 601, white stays white', () => {
  const picture = {
    width: 4,
    height: 1,
    channels: 3,
    data: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255),
  };
  expect([...grey(picture).data]).toEqual([76, 150, 29, 255]);
});

test('transparency lies on white', () => {
  const picture = {
    width: 3,
    height: 1,
    channels: 4,
    data: Uint8Array.of(9, 9, 9, 0, 9, 9, 9, 255, 0, 0, 0, 51),
  };
  expect([...overWhite(picture).data]).toEqual([255, 255, 255, 9, 9, 9, 204, 204, 204]);
});

test('a square is cut from the middle, or put around', () => {
  const picture = { width: 4, height: 2, channels: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
  expect([...cropSquare(picture).data]).toEqual([2, 3, 6, 7]);
  expect([...containSquare(picture).data]).toEqual([
    ...Array(4).fill(255),
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    ...Array(4).fill(255),
  ]);
});
