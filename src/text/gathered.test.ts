import { expect, test } from 'vitest';
import { gathered } from './gathered.ts';

test('what is asked for together is done together, and in batches no larger than the limit', async () => {
  const batches: (readonly number[])[] = [];
  const twice = gathered(async (numbers: readonly number[]) => {
    batches.push(numbers);
    return numbers.map((n) => 2 * n);
  }, 3);
  expect(await Promise.all([1, 2, 3, 4].map(twice))).toEqual([2, 4, 6, 8]);
  expect(batches).toEqual([[1, 2, 3], [4]]);
  expect(await twice(5)).toBe(10);
});

test('a failure reaches those of its batch and nobody else', async () => {
  const one = gathered(async (numbers: readonly number[]) => {
    if (numbers.includes(2)) throw new Error('two');
    return numbers;
  }, 1);
  const results = await Promise.allSettled([1, 2, 3].map(one));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
