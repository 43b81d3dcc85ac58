import { expect, test } from 'vitest';
import { checkImage } from './image.ts';

// Made by Pillow 13.0.0, diffusers 0.42.1 and torch 2.13.0.
const oracle = new URL('../../test/oracle', import.meta.url).pathname;

test('picture conversions equal those of Pillow, diffusers and torch', async () => {
  const groups = [];
  for await (const group of checkImage(oracle)) groups.push(group);
  expect(groups).toHaveLength(5);
  for (const { group, worst, tolerance } of groups) expect(worst, group).toBeLessThanOrEqual(tolerance);
});
