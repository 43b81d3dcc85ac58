import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chosenOf, chosenWith } from './chosen.ts';

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

test('what was chosen is found by words of its prompts, from afar and from near', () => {
  const anagram = { prompts: ['a dog', 'a skull'], views: ['identity', 'flip'] };
  const hybrid = { prompts: ['a village'], views: ['identity'], near: ['a photo of a dog'] };
  expect(chosenWith([anagram, hybrid])).toEqual([anagram, hybrid]);
  expect(chosenWith([anagram, hybrid], ['Dog'])).toEqual([anagram, hybrid]);
  expect(chosenWith([anagram, hybrid], ['dog', 'village'])).toEqual([hybrid]);
  expect(chosenWith([anagram, hybrid], ['skull', 'village'])).toEqual([]);
});
