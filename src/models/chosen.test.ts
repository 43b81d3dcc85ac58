import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chosenOf } from './chosen.ts';

test('what was chosen counts for the weights it was drawn with, and a damaged list is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'campanile-chosen-'));
  expect(await chosenOf(folder, 'a')).toEqual([]);
  const illusions = [{ prompts: ['a dog', 'a skull'], views: ['identity', 'flip'], seed: 3 }];
  writeFileSync(join(folder, 'chosen.json'), JSON.stringify({ weights: 'a', illusions }));
  expect(await chosenOf(folder, 'a')).toEqual(illusions);
  expect(await chosenOf(folder, 'b')).toEqual([]);
  writeFileSync(
    join(folder, 'chosen.json'),
    JSON.stringify({ weights: 'a', illusions: [{ prompts: ['a dog'], seed: 3 }] }),
  );
  await expect(chosenOf(folder, 'a')).rejects.toMatchObject({ code: 'config' });
});
