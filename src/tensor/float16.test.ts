import { expect, test } from 'vitest';
import { bfloat16sToFloats, fromBfloat16, fromHalf, halvesToFloats } from './float16.ts';

test('halves widen exactly', () => {
  const cases = [
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x0001, 2 ** -24],
    [0x0400, 2 ** -14],
    [0x7bff, 65504],
    [0x3555, 0.333251953125],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
  ] as const;
  for (const [half, value] of cases) expect(fromHalf(half)).toBe(value);
  expect(fromHalf(0x8000)).toBe(-0);
  expect(fromHalf(0x7e00)).toBeNaN();
  expect([...halvesToFloats(Uint16Array.from(cases, ([half]) => half))]).toEqual(
    cases.map(([, value]) => value),
  );
});

test('bfloat16 is the upper half of a float32', () => {
  expect(fromBfloat16(0x3f80)).toBe(1);
  expect(fromBfloat16(0xff80)).toBe(-Infinity);
  expect([...bfloat16sToFloats(Uint16Array.of(0x4049, 0xbf80))]).toEqual([3.140625, -1]);
});
