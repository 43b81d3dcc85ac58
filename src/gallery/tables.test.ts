import { expect, test } from 'vitest';
import { isStrip, type Place, tables } from './tables.ts';

const at = (row: string, column: string): Place => ({ row, column });
const found = (...places: Place[]) => tables(places, (place) => place);

test('rows and columns stand in order of appearance, with gaps where a picture is missing', () => {
  const [table] = found(at('b', 'y'), at('b', 'x'), at('a', 'x'));
  expect(table!.columns).toEqual(['y', 'x']);
  expect(table!.rows.map(({ name }) => name)).toEqual(['b', 'a']);
  expect(table!.rows[1]!.cells).toEqual([[], [at('a', 'x')]]);
});

test('rows without a common column are tables of their own', () => {
  const all = found(at('a', '1'), at('a', '2'), at('b', 'x'), at('c', 'x'));
  expect(all.map(({ rows }) => rows.map(({ name }) => name))).toEqual([['a'], ['b', 'c']]);
  expect(all.map(isStrip)).toEqual([true, false]);
});

test('two at one place are both there', () => {
  expect(found(at('a', 'x'), at('a', 'x'))[0]!.rows[0]!.cells).toEqual([[at('a', 'x'), at('a', 'x')]]);
});
