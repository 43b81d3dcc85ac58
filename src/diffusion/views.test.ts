import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../tensor/random.ts';
import { subtract, sum, type Tensor } from '../tensor/tensor.ts';
import { factorizationNames, factorizations, scaledKernel } from './components.ts';
import { permutation } from './permutation.ts';
import { hueTurn, recolouring } from './recolouring.ts';
import { proveView } from './view-proof.ts';
import { viewNames, views } from './views.ts';

const picture = (size: number, seed = 3) => ({
  data: new TorchGenerator(seed).randn(3 * size * size),
  shape: [1, 3, size, size],
});
const same = (a: Tensor, b: Tensor) => a.data.every((value, i) => value === b.data[i]);
/** Turned hues are sums, and come back to rounding; all other views only move values and change signs. */
function comesBack(name: string, a: Tensor, b: Tensor): boolean {
  if (!/^hue/.test(name)) return same(a, b);
  const largest = a.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return a.data.every((value, i) => Math.abs(value - b.data[i]!) <= 2e-6 * largest);
}
const length = (data: Float32Array) => Math.sqrt(data.reduce((total, value) => total + value ** 2, 0));

describe.each([64, 256])('at %i pixels', (size) => {
  test.each(viewNames)('%s comes back exactly, and keeps lengths', (name) => {
    const x = picture(size);
    const seen = views[name].apply(x);
    expect(comesBack(name, views[name].invert(seen), x)).toBe(true);
    expect(comesBack(name, views[name].apply(views[name].invert(x)), x)).toBe(true);
    expect(length(seen.data)).toBeCloseTo(length(x.data), 2);
  });

  test.each(viewNames)('%s keeps angles between pictures', (name) => {
    const [a, b] = [picture(size, 4), picture(size, 5)];
    const dot = (x: Float32Array, y: Float32Array) => x.reduce((total, value, i) => total + value * y[i]!, 0);
    expect(dot(views[name].apply(a).data, views[name].apply(b).data)).toBeCloseTo(dot(a.data, b.data), 1);
  });

  test.each(factorizationNames)('the components of %s sum to the identity', (name) => {
    const x = picture(size);
    const parts = factorizations[name].components(size, { kernelSize: 33, sigma: 2 });
    const whole = sum(parts.map((part) => part(x)));
    const worst = subtract(whole, x).data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(worst).toBeLessThan(2e-6);
  });
});

test('the variance moves with places, never with signs', () => {
  const v = picture(64);
  expect(views.negate.invertVariance(v).data).toEqual(v.data);
  expect(views.flip.invertVariance(views.flip.apply(v)).data).toEqual(v.data);
});

test('a third of a turn of the hues exchanges the channels, and grey stays grey', () => {
  const x = picture(8);
  const third = hueTurn(120).apply(x).data;
  views.colour_cycle.apply(x).data.forEach((value, i) => {
    expect(third[i]).toBeCloseTo(value, 5);
  });
  const grey = { data: new Float32Array(12).fill(0.3), shape: [1, 3, 2, 2] };
  for (const value of views.hue_90.apply(grey).data) expect(value).toBeCloseTo(0.3, 6);
});

test('a jigsaw lays corners into corners and edges into edges', () => {
  const { data } = views.jigsaw.apply(numbered(64, 64));
  const border = (i: number) => [Math.floor(i / 64), i % 64].filter((at) => at % 63 === 0).length;
  for (let i = 0; i < 64 * 64; i++) expect(border(data[i]!), `${i}`).toBe(border(i));
});

const wide = { data: new TorchGenerator(6).randn(3 * 8 * 16), shape: [1, 3, 8, 16] };

test.each(['flip', 'mirror', 'rotate180', 'half_shift'] as const)('%s turns a wide picture too', (name) => {
  const { apply, invert } = views[name];
  expect(same(apply(wide), wide)).toBe(false);
  expect(same(invert(apply(wide)), wide)).toBe(true);
});

test('a view that makes columns of rows wants a square, in words', () => {
  expect(() => views.rotate_cw.apply(wide)).toThrow(/rotate_cw.*\[1, 3, 8, 16\].*square/);
});

test('a kernel keeps its reach in the picture at the larger stage', () => {
  expect(scaledKernel(64, 33, 2)).toEqual([33, 2]);
  expect(scaledKernel(256, 33, 2)).toEqual([133, 8]);
});

describe.each(viewNames)('%s at every size from 1 to 130', (name) => {
  const wants = { patch_permute: 8, pixel_permute: 64, jigsaw: 4 } as Partial<Record<string, number>>;

  test('is a bijection and its own inverse’s inverse, or says in a sentence which pictures it takes', () => {
    const { apply, invert } = views[name];
    for (let size = 1; size <= 130; size++) {
      const x = numbered(size, size);
      if (size % (wants[name] ?? 1) !== 0) {
        expect(() => apply(x)).toThrow(new RegExp(`${name}.*${size}.*multiple of ${wants[name]}`));
        continue;
      }
      const seen = apply(x);
      // A set of as many absolute values: none is lost, and none is there twice.
      if (!/^hue/.test(name)) expect(new Set(seen.data.map(Math.abs)).size, `${size}`).toBe(x.data.length);
      expect(comesBack(name, invert(seen), x), `${size}`).toBe(true);
      expect(comesBack(name, apply(invert(x)), x), `${size}`).toBe(true);
      expect(proveView(views[name], size).holds, `${size}`).toBe(true);
    }
  });
});

/** Every value once, in order. */
const numbered = (h: number, w: number): Tensor => ({
  data: Float32Array.from({ length: 3 * h * w }, (_, i) => i),
  shape: [1, 3, h, w],
});

test.each(factorizationNames)('the components of %s sum to the identity at every size they take', (name) => {
  for (let size = 1; size <= 130; size++) {
    const x = picture(size);
    const mask = { data: new TorchGenerator(4).rand(size * size), shape: [1, 1, size, size] };
    const options = { kernelSize: 5, sigma: 2, mask, share: 1.3 };
    const parts = factorizations[name].components(size, options);
    const rest = subtract(sum(parts.map((part) => part(x))), x);
    expect(Math.max(...rest.data.map(Math.abs)), `${size}`).toBeLessThan(2e-6);
    expect(parts.length).toBe(factorizations[name].parts.length);
    expect(factorizations[name].looks(size, options).length).toBe(parts.length);
  }
});

test('a view of one’s own that shows a pixel twice is refused where it does', () => {
  const folded = permutation('folded', 'folded', (y, x) => [y, x >> 1]);
  expect(() => folded.apply(numbered(4, 4))).toThrow(/folded at \(0, 1\) of 4 × 4 is \[0, 0\].*nowhere else/);
});

test('a recolouring of one’s own that stretches colours is refused', () => {
  const stretched = [[2, 0, 0], [0, 1, 0], [0, 0, 1]] as const; // biome-ignore format: a matrix
  expect(() => recolouring('stretched', 'stretched', stretched)).toThrow(/orthogonal/);
});
