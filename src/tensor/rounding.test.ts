import { expect, test } from 'vitest';
import { roundHalfEven } from './rounding.ts';

test('halves go to the even number', () => {
  expect([0.5, 1.5, 2.5, 127.5, 0.4999, 254.5].map(roundHalfEven)).toEqual([0, 2, 2, 128, 0, 254]);
});

test('below nothing as above', () => {
  expect([-0.5, -1.5, -2.5, -1.51].map((value) => roundHalfEven(value) + 0)).toEqual([0, -2, -2, -2]);
});
