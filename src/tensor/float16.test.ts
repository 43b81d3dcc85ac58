import { expect, test } from 'vitest';
import { bfloat16sToFloats, floatToHalf, halfToFloat, halvesToFloats } from './float16.ts';

test('every half survives the way to float and back', () => {
  for (let half = 0; half < 0x10000; half++) {
    const value = halfToFloat(half);
    if (Number.isNaN(value)) expect(floatToHalf(value) & 0x7fff).toBe(0x7e00);
    else if (floatToHalf(value) !== half) throw new Error(`${half} came back as ${floatToHalf(value)}`);
  }
});

test('halves are rounded to the nearest, ties to even', () => {
  expect(floatToHalf(1 + 2 ** -11)).toBe(floatToHalf(1));
  expect(floatToHalf(1 + 3 * 2 ** -11)).toBe(floatToHalf(1 + 2 ** -9));
  expect(floatToHalf(65519)).toBe(floatToHalf(65504));
  expect(floatToHalf(65520)).toBe(0x7c00);
  expect(floatToHalf(2 ** -25)).toBe(0);
  expect(floatToHalf(3 * 2 ** -26)).toBe(1);
});

test('bfloat16 is a float32 without its lower half', () => {
  expect([...bfloat16sToFloats(Uint16Array.of(0x3f80, 0xc0a0, 0x7f80))]).toEqual([1, -5, Infinity]);
  expect([...halvesToFloats(Uint16Array.of(0x3c00, 0xc500))]).toEqual([1, -5]);
});
