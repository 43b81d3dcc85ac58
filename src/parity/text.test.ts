import { expect, test } from 'vitest';
import { checkTexts } from './text.ts';

// Made by transformers 5.23.0 and torch 2.13.0; float32 sums in another order differ below 1e-6.
const oracle = new URL('../../test/oracle', import.meta.url).pathname;

test('tokenizer, prompt preparation and T5 equal those of transformers', async () => {
  const groups = [];
  for await (const group of checkTexts(oracle)) groups.push(group);
  expect(groups).toHaveLength(9);
  for (const { group, worst, tolerance } of groups)
    expect(worst, group).toBeLessThanOrEqual(Math.min(tolerance, 1e-5));
});
