import { expect, test } from 'vitest';
import { readTexts } from '../images/png.ts';
import { encodeFigure } from './part-store.ts';

test('figures of one job that differ in their places are called differently', () => {
  const image = { data: new Float32Array(3 * 16), shape: [1, 3, 4, 4] };
  const named = (row: string, column: string) =>
    readTexts(encodeFigure({ id: 'i', row, column, image, seed: 180 }, {} as never, '0', {} as never)).get(
      'parameters',
    );
  expect(named('', 'i_start = 20')).toBe('i_start = 20, seed 180');
  expect(named('Stage II', 'i_start = 20')).toBe('Stage II, i_start = 20, seed 180');
  expect(named('a dog', 'seed 180')).toBe('a dog, seed 180');
});
