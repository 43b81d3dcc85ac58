import { expect, test } from 'vitest';
import { composed, viewNamed } from './named-view.ts';
import { cutsOf, piecesOf, sourcesOf } from './places.ts';
import { viewNames, views } from './views.ts';

const SIZE = 64;
const colours = ['negate', 'colour_cycle', 'colour_cycle_back', 'swap_red_blue', 'hue_90', 'hue_180'];

test.each(viewNames)('%s moves pixels, or is none that can be laid out', (name) => {
  const sources = sourcesOf(views[name], SIZE, SIZE);
  if (colours.includes(name)) return expect(sources).toBeUndefined();
  expect(new Set(sources).size).toBe(SIZE * SIZE);
  const picture = {
    data: Float32Array.from({ length: 3 * SIZE * SIZE }, (_, i) => i),
    shape: [1, 3, SIZE, SIZE],
  };
  const seen = views[name].apply(picture).data;
  expect(Array.from(sources!, (source) => picture.data[source]!)).toEqual(
    Array.from(seen.slice(0, SIZE * SIZE)),
  );
});

test('a negative of something moved is not only moved', () => {
  expect(sourcesOf(viewNamed('rotate_cw + negate'), SIZE, SIZE)).toBeUndefined();
  expect(sourcesOf(composed(views.flip, views.mirror), 8, 8)).toEqual(sourcesOf(views.rotate180, 8, 8));
});

test.each([
  ['rotate180', 1],
  ['jigsaw', 16],
  ['slats', 8],
  ['square_hinge', 10], // nine, and the strip that is left over
  ['transpose', 1],
  ['half_shift', 2],
  ['inner_circle', 2],
  ['patch_permute', 60], // four of its 64 tiles keep a neighbour,
  ['pixel_permute', 4087],
] as const)('%s is laid out of %i pieces', (name, pieces) => {
  expect(piecesOf(cutsOf(sourcesOf(views[name], SIZE, SIZE)!, SIZE), SIZE, SIZE)).toBe(pieces);
});
