import { expect, test } from 'vitest';
import * as z from 'zod';
import { gaussianModel } from '../../test/gaussian-model.ts';
import { defineExperiment, type Figure, figure } from '../experiments/experiment.ts';
import { experiments } from '../experiments/index.ts';
import { pictureBook } from '../experiments/pictures.ts';
import type { FigureStore } from '../experiments/runner.ts';
import type { OpenModels } from '../models/embedded.ts';
import { zeros } from '../tensor/tensor.ts';
import type { FigureFolder } from './figure-folder.ts';
import { type RunSettings, runAll, workOf } from './run.ts';
import type { Terminal } from './terminal.ts';

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

const quiet: Terminal = { json: false, print() {}, note() {}, status() {}, passed() {} };
const models = {
  base: { name: 'none', fingerprint: '', parameters: 1, sampleSize: 8 },
} as unknown as OpenModels;

/** An experiment of one picture, which is there when `work` is done. */
const picturing = (id: string, work: () => Promise<void>) => ({
  experiment: defineExperiment({
    id,
    title: id,
    text: '',
    params: z.strictObject({}),
    example: '',
    parts: () => [
      {
        key: id,
        inputs: {},
        calls: { base: 0 },
        async *run() {
          await work();
          yield figure({ id, row: '', column: '', image: zeros([1, 3, 8, 8]), seed: 1 });
        },
      },
    ],
  }),
  params: {},
});

test('two experiments are made side by side, and the time of both is shared between them', async () => {
  let otherIsThere = () => {};
  const meeting = new Promise<void>((resolve) => {
    otherIsThere = resolve;
  });
  const work = [
    picturing('waits', () => meeting),
    picturing('comes', async () => {
      await new Promise((done) => setTimeout(done, 20));
      otherIsThere();
    }),
    picturing('after', async () => {}),
  ];
  const began = performance.now();
  const seconds: number[] = [];
  const complete: string[] = [];
  for await (const news of runAll(work, {
    models,
    book: pictureBook(),
    store: memory() as FigureFolder,
    terminal: quiet,
    signal: new AbortController().signal,
  })) {
    if (news.type === 'complete') complete.push(news.of.experiment.id);
    else seconds.push(news.made.figure.seconds!);
  }
  expect(complete.sort()).toEqual(['after', 'comes', 'waits']);
  expect(seconds.reduce((a, b) => a + b)).toBeLessThan((performance.now() - began) / 1000);
  expect(Math.max(...seconds)).toBeGreaterThan(0);
});
