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

test('a long caption is written whole, on lines of its own, and what follows begins below it', () => {
  const said = 'what was drawn over it with a brush that is as wide as a finger, and then once more';
  const figures = [0, 1, 2, 3, 4, 5].map((i) => ({
    ...figure(`${i}`, 'from a level of noise with a long name', `${i}`),
    caption: said,
    psnr: 21.5,
    seed: 180,
  }));
  const { words, pictures, height } = plateOf('A title', [...figures, figure('below', 'another', 'x')]);
  const written = words.map(({ text }) => text).join(' ');
  for (const whole of [said, 'from a level of noise with a long name', 'PSNR 21.5 dB · seed 180'])
    expect(written).toContain(whole);
  const below = pictures.find((one) => one.figure.id === 'below')!;
  const above = words.filter(({ y, x }) => y < below.y && x === pictures[0]!.x);
  expect(Math.max(...above.map(({ y }) => y))).toBeLessThan(below.y);
  expect(Math.max(...words.map(({ y }) => y))).toBeLessThan(height);
});
