import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EMBEDDED } from './embedded.ts';
import { type Pair, pairsOf, pairsWith, togetherIn } from './pairs.ts';

const pair = (sides: [string, string], view: string, share: number, readable: number): Pair => ({
  sides,
  view,
  tried: 2,
  yield: share,
  best: { seed: 1, guidance: [7], weights: [1], readable },
});

test('the best pairs come first, each once with the view that suits it', () => {
  const table = {
    weights: 'a',
    steps: 8,
    readable: 0.4,
    pairs: [
      pair(['a dog', 'a skull'], 'flip', 0.5, 0.6),
      pair(['a skull', 'a dog'], 'rotate180', 1, 0.7),
      pair(['a cat', 'a skull'], 'flip', 1, 0.9),
    ],
  };
  expect(pairsWith(table).map(({ sides, view }) => [...sides, view])).toEqual([
    ['a cat', 'a skull', 'flip'],
    ['a skull', 'a dog', 'rotate180'],
  ]);
  expect(pairsWith(table, ['Dog']).map(({ view }) => view)).toEqual(['rotate180']);
  expect(pairsWith(table, ['dog', 'cat'])).toEqual([]);
});

test('the embedded checkpoint has a table, another folder has none, and a damaged one is refused', async () => {
  const table = await pairsOf(EMBEDDED);
  expect(pairsWith(table!).length).toBeGreaterThan(10);
  const folder = mkdtempSync(join(tmpdir(), 'campanile-pairs-'));
  expect(await pairsOf(folder)).toBeUndefined();
  writeFileSync(join(folder, 'pairs.json'), '{"weights":"a","steps":0,"readable":0.4,"pairs":[]}');
  await expect(pairsOf(folder)).rejects.toMatchObject({ code: 'config' });
});

test('what goes together is what somebody chose, and then what a judge found readable', () => {
  const pairs = {
    weights: 'a',
    steps: 8,
    readable: 0.4,
    pairs: [pair(['a dog', 'a skull'], 'flip', 0, 0.3), pair(['a cat', 'a skull'], 'flip', 1, 0.9)],
  };
  const chosen = [
    { prompts: ['a penguin', 'a rocket'], views: ['identity', 'rotate_cw'] },
    { prompts: ['a coast'], views: ['identity'], near: ['a fire'] },
  ];
  expect(togetherIn({ chosen, pairs })).toEqual([
    { sides: ['a penguin', 'a rocket'], view: 'rotate_cw' },
    { sides: ['a cat', 'a skull'], view: 'flip' },
  ]);
  expect(togetherIn({})).toEqual([]);
});
