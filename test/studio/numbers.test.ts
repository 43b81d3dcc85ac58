import { expect, test } from 'vitest';
import { cosineAlphaBar } from '../../src/diffusion/schedule.ts';
import { stepping } from '../../src/experiments/formulas.ts';
import { withNumbers } from '../../studio/bench/numbers.ts';

const alphaBar = Array.from({ length: 1000 }, (_, t) => cosineAlphaBar(t));
const read = (t: number, tNext: number | undefined) =>
  withNumbers([stepping], { t, tNext, alphaBar, params: {} })[0]!.tex;

test('every symbol of a step that has a number gets it', () => {
  const [a, next] = [cosineAlphaBar(300), cosineAlphaBar(270)];
  const numbers = [Math.sqrt(next), 1 - a / next, 1 - a, Math.sqrt(a / next)].map((value) =>
    value.toFixed(2),
  );
  const tex = read(300, 270);
  for (const number of numbers) expect(tex).toContain(number);
  expect(tex).not.toMatch(/alpha|beta/);
});

test('nothing is divided by 0 at the cleanest level, and the clean end has ᾱ = 1', () => {
  const tex = read(0, -1);
  const below = (1 - cosineAlphaBar(0)).toPrecision(2);
  expect(tex).toContain(`\\frac{1 \\cdot ${below}}{${below}} \\hat{x}_0 + \\frac{1 \\cdot 0}{${below}} x_t`);
});

test('where the next level is not known its symbols stay', () => {
  expect(read(300, undefined)).toContain("\\bar{\\alpha}_{t'}");
});
