import { expect, test } from 'vitest';
import { gaussianModel as base } from '../../test/gaussian-model.ts';
import { CLEAN } from '../diffusion/process.ts';
import type { RunContext } from './experiment.ts';
import iterative from './iterative-denoising.ts';
import { pictureBook } from './pictures.ts';
import { runExperiment } from './runner.ts';

const book = pictureBook();
const context: RunContext = { base, picture: book.picture, mask: book.mask };

async function visited(params: Record<string, unknown>): Promise<number[]> {
  const levels: number[] = [];
  for await (const event of runExperiment(iterative, params, context))
    if (event.type === 'step') levels.push(event.step.t, event.step.tNext);
  return [...new Set(levels)];
}

test.each([
  [{ iStart: 23 }, [300, 270, 240, 210, 180, 150, 120, 90, 60, 30, 0, CLEAN]],
  [{ iStart: 23, stride: 100 }, [300, 200, 100, 0, CLEAN]],
  [{ iStart: 23, stride: 130 }, [300, 170, 40, 0, CLEAN]],
  [{ iStart: 32, stride: 330 }, [30, 0, CLEAN]],
  [{ iStart: 23, stride: 130, setting: 'course' }, [300, 170, 40, 0]],
])('%o goes down by its stride, the last step shorter where it has to be', async (params, levels) => {
  expect(await visited(params)).toEqual(levels);
});

test('the document’s stride is no part of a recipe: what was made before there was another is not made again', () => {
  const inputs = (stride: number) =>
    iterative.parts(iterative.params.parse({ stride }), { base })[0]!.inputs as Record<string, unknown>;
  expect('stride' in inputs(30)).toBe(false);
  expect(inputs(60)['stride']).toBe(60);
});
