import { describe, expect, test } from 'vitest';
import { gaussianModel as base } from '../../test/gaussian-model.ts';
import { gaussianEstimator } from '../diffusion/gaussian.ts';
import { samplerNames } from '../diffusion/samplers.ts';
import type { PixelModel } from '../models/model.ts';
import { type Fork, forksOf } from './branch.ts';
import { draws, RecentWalks } from './branching.ts';
import type { Figure, RunContext } from './experiment.ts';
import { everyExperiment } from './index.ts';
import { readKeptSteps } from './kept-steps.ts';
import { pictureBook } from './pictures.ts';
import { canonicalJson, parseParams } from './recipe.ts';
import { type RunOptions, runExperiment } from './runner.ts';

const book = pictureBook();
const context: RunContext = { base, picture: book.picture, mask: book.mask };
const named = (id: string) => everyExperiment.find((one) => one.id === id)!;

interface Ran {
  readonly figures: readonly Figure[];
  readonly steps: readonly { walk: number; count: number }[];
  readonly calls: number;
}

async function ran(id: string, params: unknown, options: RunOptions = {}): Promise<Ran> {
  let calls = 0;
  const counting: PixelModel = {
    ...base,
    estimator: (prompt) => {
      const sees = gaussianEstimator(prompt.length / 40, 0.3, base.alphaBar);
      return (x, t) => {
        calls++;
        return sees(x, t);
      };
    },
  };
  const figures: Figure[] = [];
  const steps: { walk: number; count: number }[] = [];
  let walk = -1;
  for await (const event of runExperiment(named(id), params, { ...context, base: counting }, options)) {
    if (event.type === 'figure') figures.push(event.figure);
    if (event.type === 'step') {
      if (event.index === 0) walk++;
      steps.push({ walk, count: event.count });
    }
  }
  return { figures, steps, calls };
}

const pixels = ({ figures }: Ran) => figures.map(({ id, image }) => [id, image.data] as const);

/** What makes one part of an experiment's defaults alone, of those that walk. */
async function aloneOf(id: string): Promise<Record<string, unknown> | undefined> {
  const experiment = named(id);
  const params = parseParams(experiment, {});
  const part = experiment.parts(params, { base }).find((one) => draws(one) && !one.chosen && !one.borrowed);
  const alone = part && { ...params, ...part.alone };
  return alone && experiment.parts(alone, { base }).filter(draws).length === 1 ? alone : undefined;
}

/** What is given, computed at once, or chosen among the results of others. */
const WITHOUT_WALKS = ['forward', 'blur', 'one-step', 'search'];

describe('a branch with nothing changed is the original, bit for bit', () => {
  test.each(everyExperiment.map(({ id }) => id))(
    '%s',
    async (id) => {
      const params = await aloneOf(id);
      if (!params) return expect(WITHOUT_WALKS).toContain(id);
      const original = await ran(id, params);
      if (original.steps.length === 0) return expect(WITHOUT_WALKS).toContain(id);
      const { walk, count } = original.steps.at(-1)!;
      const from: Fork[] = [{ params, walk, step: Math.floor(count / 2) }];
      expect(pixels(await ran(id, params, { from }))).toEqual(pixels(original));
    },
    120_000,
  );

  test.each(samplerNames)('%s, from every step', async (sampler) => {
    const params = { prompts: ['a rocket ship'], steps: 6, sampler };
    const original = pixels(await ran('sample', params));
    for (let step = 0; step < 6; step++)
      expect(pixels(await ran('sample', params, { from: [{ params, walk: 0, step }] }))).toEqual(original);
  });

  test.each(['weights', 'alternate', 'auto'])('an anagram balanced by %s', async (balance) => {
    const params = { prompts: ['a dog', 'a skull'], steps: 8, balance, judge: false };
    const original = pixels(await ran('illusion', params));
    for (const step of [1, 4, 7])
      expect(pixels(await ran('illusion', params, { from: [{ params, walk: 0, step }] }))).toEqual(original);
  });
});

const params = { prompts: ['a rocket ship'], steps: 6, sampler: 'ddpm', preset: 'uniform' };
const other = { ...params, prompts: ['a volcano'] };

test('a branch with another prompt shares the steps before, and none after', async () => {
  const keeping = kept();
  const [a, b] = [await ran('sample', params, keeping), await ran('sample', other, keeping)];
  const c = await ran('sample', other, { ...keeping, from: [{ params, walk: 0, step: 3 }] });
  expect(pixels(c)).not.toEqual(pixels(a));
  expect(pixels(c)).not.toEqual(pixels(b));
  const [first, branch] = [a, c].map(({ figures }) =>
    readKeptSteps(keeping.files.get(figures[0]!.walk!.kept!)!),
  );
  const x = (step: number) => [first!.plane(step, 'x')!.data, branch!.plane(step, 'x')!.data];
  for (const step of [0, 1, 2, 3]) expect(x(step)[0]).toEqual(x(step)[1]);
  for (const step of [4, 5]) expect(x(step)[0]).not.toEqual(x(step)[1]);
  expect(c.figures[0]!.walk).toMatchObject({ before: a.figures[0]!.walk!.part, left: 0, step: 3 });
});

test('what is remembered is not walked again, and makes the same', async () => {
  const from = [{ params, walk: 0, step: 4 }];
  const keeping = kept();
  await ran('sample', params, keeping);
  const [remembered, anew] = [
    await ran('sample', other, { ...keeping, from }),
    await ran('sample', other, { from }),
  ];
  expect(pixels(remembered)).toEqual(pixels(anew));
  expect(remembered.calls).toBe(2 * 2);
  expect(anew.calls).toBe(2 * (2 + 5));
});

test('a branch of a branch goes through both, and one that leaves before is one of the first', async () => {
  const twice = { params: other, from: forksOf({ params }, { walk: 0, step: 2 }) };
  const from = forksOf(twice, { walk: 0, step: 4 });
  expect(from.map(({ step }) => step)).toEqual([2, 4]);
  const whole = await ran('sample', other, { from: twice.from });
  expect(pixels(await ran('sample', other, { from }))).toEqual(pixels(whole));
  for (const step of [1, 2]) expect(forksOf(twice, { walk: 0, step })).toEqual([{ params, walk: 0, step }]);
});

test('seed, guidance and the rest of the way may change', async () => {
  const from = [{ params, walk: 0, step: 3 }];
  const seen = new Set<string>();
  for (const change of [{}, { seed: 7 }, { guidanceScale: 2 }, { sampler: 'ddim' }])
    seen.add(canonicalJson([...pixels(await ran('sample', { ...params, ...change }, { from }))[0]![1]]));
  expect(seen.size).toBe(4);
});

test.each([
  [[{ params, walk: 0, step: 6 }], {}, '6 steps cannot be taken as they were and others after'],
  [[{ params, walk: 1, step: 0 }], {}, 'the run that is left has 1 walk only'],
  [[{ params, walk: 0, step: 3 }], { steps: 7 }, 'these values do not pass there'],
  [[{ params, walk: 0, step: 3 }], { count: 2 }, "one picture's way"],
  [[{ params: { ...params, count: 2 }, walk: 0, step: 3 }], {}, "one picture's way"],
  [[{ params: { ...params, steps: 0 }, walk: 0, step: 3 }], {}, 'from.0.params.steps'],
  [
    [
      { params, walk: 0, step: 3 },
      { params, walk: 0, step: 3 },
    ],
    {},
    'from.1.step',
  ],
] as const)('what is no branch is refused in words: %j with %j', async (from, change, words) => {
  await expect(ran('sample', { ...params, ...change }, { from })).rejects.toThrow(words);
});

function kept() {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const keep = async (file: Uint8Array<ArrayBuffer>) => {
    files.set(String(files.size), file);
    return String(files.size - 1);
  };
  return { files, keeping: { walkBytes: 8e6, keep, recent: new RecentWalks(64e6) } };
}
