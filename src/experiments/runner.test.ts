import { expect, test } from 'vitest';
import * as z from 'zod';
import { gaussianModel as base } from '../../test/gaussian-model.ts';
import type { PixelModel } from '../models/model.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { CallCount } from './calls.ts';
import { defineExperiment, type Figure, type RunContext } from './experiment.ts';
import { everyExperiment, experiments } from './index.ts';
import { pictureBook } from './pictures.ts';
import { parseParams } from './recipe.ts';
import { type FigureStore, runExperiment } from './runner.ts';

const book = pictureBook();
const context: RunContext = { base, picture: book.picture, mask: book.mask };

function memory(): FigureStore & { puts: number } {
  const kept = new Map<string, readonly Figure[]>();
  return {
    puts: 0,
    get: async (hash) => kept.get(hash),
    async put() {
      this.puts++;
    },
    complete: async (hash, _, figures) => void kept.set(hash, figures),
  };
}

async function figures(run: ReturnType<typeof runExperiment>): Promise<Figure[]> {
  const found: Figure[] = [];
  for await (const event of run) if (event.type === 'figure') found.push(event.figure);
  return found;
}

test('the page has the thirteen sections of the document', () => {
  expect(experiments).toHaveLength(13);
  expect(new Set(everyExperiment.map(({ id }) => id)).size).toBe(everyExperiment.length);
});

test.each(everyExperiment.map((experiment) => [experiment.id, experiment] as const))(
  '%s runs on its defaults: figures with places of their own, and the calls it announced',
  async (_, experiment) => {
    let calls = 0;
    const counting: PixelModel = {
      ...base,
      estimator: (prompt) => (x, t) => {
        calls += x.shape[0]!;
        return base.estimator(prompt)(x, t);
      },
    };
    const parts = experiment.parts(parseParams(experiment, {}), { base });
    const made: Figure[] = [];
    const count = new CallCount(parts);
    let before = count.done;
    for await (const event of runExperiment(experiment, {}, { ...context, base: counting })) {
      if (event.type === 'figure') made.push(event.figure);
      count.hear(event);
      for (const stage of ['base', 'upscaler'] as const)
        expect(count.done[stage]).toBeGreaterThanOrEqual(before[stage] - 1e-9);
      before = count.done;
    }
    expect(count.done).toEqual(count.total);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ id }) => id)).size).toBe(made.length);
    expect(new Set(made.map(({ row, column }) => `${row} | ${column}`)).size).toBe(made.length);
    for (const { image } of made) expect(image.shape).toEqual([1, 3, 32, 32]);
    expect(calls).toBe(parts.reduce((total, part) => total + part.calls.base, 0));
  },
  300_000,
);

test.each(everyExperiment.map((experiment) => [experiment.id, experiment] as const))(
  '%s can be shown as a form',
  (_, experiment) => {
    const schema = z.toJSONSchema(experiment.params, { io: 'input' });
    for (const property of Object.values(schema.properties!)) {
      expect(property).toHaveProperty('description');
      expect(property).toHaveProperty('default');
    }
  },
);

test('what is finished is not made again', async () => {
  const store = memory();
  const forward = experiments[1]!;
  const first = await figures(runExperiment(forward, {}, context, { store, digest: book.digest }));
  const puts = store.puts;
  const second = await figures(runExperiment(forward, {}, context, { store, digest: book.digest }));
  expect(second).toEqual(first);
  expect(store.puts).toBe(puts);
  await figures(runExperiment(forward, { seed: 7 }, context, { store, digest: book.digest }));
  expect(store.puts).toBeGreaterThan(puts);
});

test('a picture that is not finite is an error', async () => {
  const broken = defineExperiment({
    id: 'broken',
    title: 'Broken',
    text: '',
    example: '',
    params: z.strictObject({}),
    parts: () => [
      {
        key: 'only',
        inputs: {},
        calls: { base: 0 },
        async *run() {
          const image: Tensor = { data: Float32Array.of(Number.NaN), shape: [1, 1, 1, 1] };
          yield { type: 'figure', figure: { id: 'x', row: '', column: '', image } };
        },
      },
    ],
  });
  await expect(figures(runExperiment(broken, {}, context))).rejects.toThrow(/not finite/);
});
