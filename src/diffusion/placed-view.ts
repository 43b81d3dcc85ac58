import { ArgumentError, RecipeError, ShapeError } from '../errors.ts';
import { checkImages, checkText } from '../tensor/check.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { View } from './view.ts';

/**
 * A view from a list: for each place of a square, row by row, the index of the pixel that is shown there. A picture n times
 * as large moves in blocks of n × n pixels.
 *
 * A list that shows a pixel twice makes a view all the same: turned back, a pixel gets the mean of where it was shown, and
 * one that was not shown nothing. `proveView` says what that does to the noise.
 *
 * @throws {RecipeError} when the list is no square, or an index is outside of it
 */
export function placedView(name: string, sources: readonly number[] | Int32Array): View {
  checkText('name', name, 'a name');
  if (!(Array.isArray(sources) || sources instanceof Int32Array))
    throw new ArgumentError('sources', sources, 'a list of places');
  const side = Math.sqrt(sources.length);
  if (!Number.isInteger(side) || side < 1)
    throw new RecipeError(
      'view',
      `${name} has ${sources.length} places`,
      'a square has a whole number of rows of the same length',
    );
  for (const [place, source] of sources.entries())
    if (!Number.isInteger(source) || source < 0 || source >= sources.length)
      throw new RecipeError(
        'view',
        `${name} shows pixel ${source} at row ${Math.floor(place / side)}, column ${place % side}`,
        `expected whole numbers from 0 to ${sources.length - 1}`,
      );
  const tables = new Map<number, Int32Array>();
  const tableFor = (x: Tensor): Int32Array => {
    checkImages(`picture under the view ${name}`, x);
    const [h, w] = x.shape.slice(-2) as [number, number];
    if (h !== w || h % side !== 0)
      throw new ShapeError(
        `picture under the view ${name}`,
        x.shape,
        `a square one whose side is a multiple of ${side}`,
      );
    const known = tables.get(h) ?? enlarged(sources, side, h / side);
    tables.set(h, known);
    return known;
  };
  const back = (x: Tensor): Tensor => {
    const table = tableFor(x);
    const data = new Float32Array(x.data.length);
    const counts = new Uint32Array(table.length);
    for (const source of table) counts[source]!++;
    for (let plane = 0; plane < data.length; plane += table.length)
      for (const [place, source] of table.entries())
        data[plane + source]! += x.data[plane + place]! / counts[source]!;
    return { data, shape: x.shape };
  };
  return {
    name,
    gesture: `seen through ${name}`,
    apply(x) {
      const table = tableFor(x);
      const data = new Float32Array(x.data.length);
      for (let plane = 0; plane < data.length; plane += table.length)
        for (const [place, source] of table.entries()) data[plane + place] = x.data[plane + source]!;
      return { data, shape: x.shape };
    },
    invert: back,
    invertVariance: back,
  };
}

function enlarged(sources: readonly number[] | Int32Array, side: number, n: number): Int32Array {
  const size = side * n;
  return Int32Array.from({ length: size * size }, (_, i) => {
    const [y, x] = [Math.floor(i / size), i % size];
    const source = sources[Math.floor(y / n) * side + Math.floor(x / n)]!;
    return (Math.floor(source / side) * n + (y % n)) * size + (source % side) * n + (x % n);
  });
}
