import { expect, test } from 'vitest';
import type { FigureInfo } from '../../src/server/api-types.ts';
import { plateOf } from '../../studio/canvas/plate.ts';

const figure = (id: string, row: string, column: string): FigureInfo => ({
  id,
  row,
  column,
  object: id,
  url: `/${id}`,
  width: 64,
  height: 64,
});

test('of several figures at one place none is left out of the saved figure', () => {
  const figures = [
    figure('a', 'one', 'x'),
    figure('b', 'one', 'y'),
    figure('c', 'two', 'x'),
    figure('d', 'two', 'x'),
    figure('e', 'two', 'y'),
  ];
  const { pictures, height } = plateOf('A title', figures);
  expect(pictures.map(({ figure: { id } }) => id)).toEqual(['a', 'b', 'c', 'e', 'd']);
  const [c, d] = ['c', 'd'].map((id) => pictures.find((one) => one.figure.id === id)!);
  expect([d!.x, d!.y > c!.y + c!.side]).toEqual([c!.x, true]);
  expect(Math.max(...pictures.map(({ y, side }) => y + side))).toBeLessThan(height);
});
