import { expect, test } from 'vitest';
import { gaussianModel } from '../../test/gaussian-model.ts';
import type { Figure } from './experiment.ts';
import hybrid from './hybrid-images.ts';
import illusion from './illusion.ts';
import { pictureBook } from './pictures.ts';
import { runExperiment } from './runner.ts';
import anagram from './visual-anagrams.ts';

const base = {
  ...gaussianModel,
  chosen: [
    { prompts: ['a dog', 'a skull'], views: ['identity', 'flip'], seed: 7, steps: 4, balance: 'alternate' },
    { prompts: ['the sea'], views: ['identity'], near: ['a fire'], guidance: [5, 9], seed: 8, steps: 4 },
  ],
};

async function run(experiment: Parameters<typeof runExperiment>[0], params: object, model = base) {
  const found: Figure[] = [];
  const alone: unknown[] = [];
  for await (const event of runExperiment(experiment, params, { base: model, ...pictureBook() })) {
    if (event.type === 'figure') found.push(event.figure);
    if (event.type === 'part-start') alone.push(event.params);
  }
  return { found, alone };
}

test('beside the document’s way stands what was chosen for the same prompts, drawn as the tool draws it', async () => {
  const params = { prompts: ['a dog', 'a cat'], hidden: ['a skull', 'a skull'], chosen: 'beside' };
  const { found, alone } = await run(anagram, params);
  expect(found.map(({ row, column }) => [row, column])).toEqual([
    ['Stage I', 'a dog'],
    ['Stage I', 'a cat'],
    ['Chosen, stage I', 'a dog'],
  ]);
  const tool = await run(illusion, base.chosen[0]!);
  expect(found[2]!.image.data).toEqual(tool.found[0]!.image.data);
  expect(found[2]).toMatchObject({ seed: 7, view: 'flip', turnedCaption: 'a skull' });
  expect(found[2]!.verdict).toEqual(tool.found[0]!.verdict);
  // Each part again by its own parameters: one figure, the same.
  for (const [i, figure] of found.entries()) {
    const again = await run(anagram, alone[i]!);
    expect(again.found.map(({ image }) => image.data)).toEqual([figure.image.data]);
  }
});

test('a hybrid that was chosen is one from near and from afar', async () => {
  const { found } = await run(hybrid, { far: ['the sea'], near: ['a fire'], chosen: 'only' });
  expect(found).toMatchObject([
    { seed: 8, caption: 'a fire', farCaption: 'the sea', row: 'Chosen, stage I' },
  ]);
});

test('without one there is nothing beside, and only one that is not there is refused', async () => {
  const params = { prompts: ['a skull'], hidden: ['a dog'] };
  expect((await run(anagram, { ...params, chosen: 'beside' })).found).toHaveLength(1);
  await expect(run(anagram, { ...params, chosen: 'only' })).rejects.toThrow(/no picture that was chosen/);
  const plain = { ...base, chosen: [] };
  const swapped = { prompts: ['a dog'], hidden: ['a skull'], chosen: 'beside' };
  expect((await run(anagram, swapped, plain)).found).toHaveLength(1);
});
