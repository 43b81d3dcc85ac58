import { expect, test } from 'vitest';
import { checkPth } from './pth.ts';

// Written by torch 2.13.0; the same numbers bit for bit, or a refusal.
const oracle = new URL('../../test/oracle', import.meta.url).pathname;

test('files of torch.save are read exactly or refused', async () => {
  const groups = [];
  for await (const group of checkPth(oracle)) groups.push(group);
  expect(groups).toHaveLength(2);
  for (const { group, worst } of groups) expect(worst, group).toBe(0);
});
