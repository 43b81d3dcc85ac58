import { expect, test } from 'vitest';
import { saving } from './params.ts';

const economy = { guidanceFrom: 999, guidanceTo: 0, fast: false };

test('what is fast takes six tenths of the steps, and is guided in the upper half of the noise it walks down', () => {
  expect(saving(10, economy)).toEqual({ steps: 10 });
  expect(saving(10, { ...economy, fast: true })).toEqual({ steps: 6, interval: { from: 999, to: 500 } });
  expect(saving(10, { ...economy, fast: true }, 0.6).interval).toEqual({ from: 999, to: 300 });
  expect(saving(10, { ...economy, fast: true, guidanceTo: 700 }).interval).toEqual({ from: 999, to: 700 });
});

test('a level that fast has passed already is refused', () => {
  expect(() => saving(10, { ...economy, fast: true, guidanceTo: 400 })).toThrow(
    /fast, which takes γ down to 500/,
  );
  expect(saving(10, { ...economy, fast: true, guidanceTo: 400 }, 0.6).interval).toEqual({
    from: 999,
    to: 400,
  });
});
