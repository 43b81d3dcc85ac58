import { expect, test } from 'vitest';
import { gaussianModel } from '../../test/gaussian-model.ts';
import type { Figure } from '../experiments/experiment.ts';
import { experiments } from '../experiments/index.ts';
import { pictureBook } from '../experiments/pictures.ts';
import type { FigureStore } from '../experiments/runner.ts';
import type { FigureFolder } from './figure-folder.ts';
import { type RunSettings, runAll, workOf } from './run.ts';

const memory = (): FigureStore => {
  const parts = new Map<string, readonly Figure[]>();
  return {
    get: async (hash) => parts.get(hash),
    put: async () => undefined,
    complete: async (hash, _recipe, figures) => void parts.set(hash, figures),
  };
};

test('what is kept waits for nothing; what is made waits before each part and after each step', async () => {
  const sdedit = experiments.find(({ id }) => id === 'sdedit')!;
  const work = [workOf(sdedit, { iStarts: [29, 30] })];
  const silent = { note() {}, status() {}, passed() {} };
  let asked = 0;
  let steps = 0;
  const settings = {
    models: { base: gaussianModel, upscaler: undefined },
    book: pictureBook(),
    store: memory() as FigureFolder,
    terminal: { ...silent, status: () => void steps++ },
    signal: new AbortController().signal,
    held: async () => void asked++,
  } as unknown as RunSettings;
  const run = async () => {
    asked = steps = 0;
    let figures = 0;
    for await (const { type } of runAll(work, settings)) if (type === 'figure') figures++;
    return figures;
  };
  const figures = await run();
  expect(steps).toBeGreaterThan(0);
  expect(asked).toBeGreaterThan(steps);
  expect(await run()).toBe(figures);
  expect(asked).toBe(0);
});
