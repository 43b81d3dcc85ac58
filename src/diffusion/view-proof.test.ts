import { expect, test } from 'vitest';
import { viewNamed } from './named-view.ts';
import { placedView } from './placed-view.ts';
import { proveView } from './view-proof.ts';
import { viewNames, views } from './views.ts';

test.each(viewNames)('%s proves itself', (name) => {
  const { holds, learned } = proveView(views[name], 64);
  expect(holds).toBe(true);
  const expected = /^(identity|negate)$/.test(name) ? 'stays' : /^hue/.test(name) ? 'is shared out' : 'moves';
  expect(learned).toBe(expected);
});

test('composed views do too', () => {
  expect(proveView(viewNamed('rotate_cw + negate + jigsaw'), 32).holds).toBe(true);
});

const places = (side: number, source: (y: number, x: number) => number) =>
  Array.from({ length: side * side }, (_, i) => source(Math.floor(i / side), i % side));

test('a list of places is a view of its size, and of its multiples in blocks', () => {
  const flip = placedView(
    'list',
    places(8, (y, x) => 8 * (7 - y) + x),
  );
  expect(proveView(flip, 8)).toMatchObject({
    holds: true,
    learned: 'moves',
    variance: [1, 1],
    correlation: 0,
  });
  expect(proveView(flip, 24).holds).toBe(true);
  const blocks = placedView('list', [1, 0, 2, 3]);
  const x = { data: Float32Array.from({ length: 48 }, (_, i) => i), shape: [1, 3, 4, 4] };
  expect([...blocks.apply(x).data.slice(0, 8)]).toEqual([2, 3, 0, 1, 6, 7, 4, 5]);
});

test('a list that shows a pixel twice fails, and the proof says that its noise is the same there', () => {
  const doubled = placedView(
    'doubled',
    places(8, (y, x) => 8 * y + (x >> 1)),
  );
  const proof = proveView(doubled, 8);
  expect(proof.holds).toBe(false);
  expect(proof.undone).toBeGreaterThan(1);
  expect(proof.correlation).toBeCloseTo(1, 5);
  expect(proof.repeated).toEqual([1, 0]);
});

test('a view that makes the picture paler fails by its variance', () => {
  const half = (x: Parameters<typeof views.flip.apply>[0]) => ({
    ...x,
    data: x.data.map((value) => value / 2),
  });
  const pale = {
    ...views.identity,
    apply: half,
    invert: (x: Parameters<typeof half>[0]) => ({ ...x, data: x.data.map((v) => 2 * v) }),
  };
  const { holds, variance, repeated } = proveView(pale, 16);
  expect(holds).toBe(false);
  expect(repeated).toBeUndefined();
  expect((variance[0] + variance[1]) / 2).toBeCloseTo(0.25, 1);
});

test('a list that is no square, or points beyond it, is refused', () => {
  expect(() => placedView('list', [0, 1, 2])).toThrow(/3 places/);
  expect(() => placedView('list', [0, 1, 2, 4])).toThrow(/pixel 4 at row 1, column 1/);
  expect(() => proveView(placedView('list', [0, 1, 2, 3]), 3)).toThrow(/multiple of 2/);
});
