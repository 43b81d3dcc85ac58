import { describe, expect, test } from 'vitest';
import { countedModel } from '../../test/gaussian-model.ts';
import { toPicture } from '../images/picture.ts';
import type { Figure, RunContext } from './experiment.ts';
import { everyExperiment } from './index.ts';
import { pictureBook } from './pictures.ts';
import { ranked } from './rank.ts';
import { type FigureStore, type Origin, runExperiment } from './runner.ts';
import search from './search.ts';
import type { TracePoint } from './trace.ts';
import { recipeToFollow, verify } from './verify.ts';

/** Prompts are the mean brightness they speak of. */
const meaning = (prompt: string): number => Number(/-?\d\.\d/.exec(prompt)?.[0] ?? 0);
const book = pictureBook();

function world() {
  const { base, seen } = countedModel(meaning);
  return { seen, context: { base, picture: book.picture, mask: book.mask } satisfies RunContext };
}

interface Put {
  readonly hash: string;
  readonly recipe: { readonly experiment: string };
  readonly figure: Figure;
  readonly origin: Origin;
}

function memory(): FigureStore & { made: Put[] } {
  const kept = new Map<string, readonly Figure[]>();
  const made: Put[] = [];
  return {
    made,
    get: async (hash) => kept.get(hash),
    put: async (hash, recipe, figure, origin) => void made.push({ hash, recipe, figure, origin }),
    complete: async (hash, _, figures) => void kept.set(hash, figures),
  };
}

async function figures(
  params: Record<string, unknown>,
  context: RunContext,
  store: FigureStore,
  atMost = Number.POSITIVE_INFINITY,
): Promise<Figure[]> {
  const found: Figure[] = [];
  for await (const event of runExperiment(search, params, context, { store })) {
    if (event.type === 'figure' && found.push(event.figure) >= atMost) break;
  }
  return found;
}

async function warningsOf(params: Record<string, unknown>, context: RunContext): Promise<string[]> {
  const said: string[] = [];
  for await (const event of runExperiment(search, params, context))
    if (event.type === 'warning') said.push(event.message);
  return said;
}

/** Figures as two runs make them alike. */
const timeless = (found: readonly Figure[]) => found.map(({ seconds: _, ...figure }) => figure);

/** Bright, and dark as a negative. */
const params = { prompts: ['a 0.4', 'a -0.4'], views: ['negate'], seeds: 6, keep: 2, steps: 6 };
const tried = (found: readonly Figure[]) => found.filter(({ id }) => id.startsWith('tried'));

describe('a search', () => {
  test('judges every candidate, and draws the best again', async () => {
    const { context } = world();
    const store = memory();
    const found = await figures(params, context, store);
    expect(tried(found)).toHaveLength(6);
    const best = ranked(tried(found)).slice(0, 2);
    const kept = found.filter(({ id }) => !id.startsWith('tried'));
    expect(kept.map(({ seed }) => seed)).toEqual(best.map(({ seed }) => seed));
    for (const [i, { image }] of kept.entries()) expect(image.data).toEqual(best[i]!.image.data);
    expect(best[0]!.verdict!.alignment).toBeGreaterThan(0);
    expect(best[0]!.sides).toEqual([
      { view: 'identity', caption: 'a 0.4' },
      { view: 'negate', caption: 'a -0.4' },
    ]);
  });

  test('what it kept belongs to the tool that makes one anagram, which makes the same pixels', async () => {
    const { context } = world();
    const store = memory();
    await figures(params, context, store);
    const kept = store.made.filter(({ recipe }) => recipe.experiment !== search.id);
    expect(kept).toHaveLength(2);
    for (const { figure, recipe, hash, origin } of kept) {
      const told = {
        recipe: { base: 'gaussian', ...recipe },
        hash,
        figure: { id: figure.id },
        params: origin.params,
      };
      const found = await verify(toPicture(figure.image), recipeToFollow(told), everyExperiment, context);
      expect(found).toMatchObject({ result: 'same', different: 0 });
    }
  });

  test('that was broken off goes on where it was', async () => {
    const store = memory();
    const first = world();
    await figures(params, first.context, store, 4);
    const rest = world();
    const resumed = await figures(params, rest.context, store);
    const whole = world();
    expect(timeless(resumed)).toEqual(timeless(await figures(params, whole.context, memory())));
    // Three parts were complete; the fourth had not been put away.
    expect(whole.seen.calls - rest.seen.calls).toBeCloseTo((3 * first.seen.calls) / 4, 5);
  });

  test('asked for more seeds, tries only the new ones', async () => {
    const store = memory();
    const { context } = world();
    const first = await figures({ ...params, keep: 0 }, context, store);
    const before = store.made.length;
    const more = await figures({ ...params, keep: 0, seeds: 9 }, context, store);
    expect(more.slice(0, 6)).toEqual(first);
    expect(store.made.length - before).toBe(3);
  });

  test('gives up what is hopeless, and does not try it again', async () => {
    const store = memory();
    const [hopeful, hopeless] = [world(), world()];
    // Both sides see the same picture: what is right for one is wrong for the other.
    const wrong = { ...params, views: ['mirror'], keep: 0 };
    expect(await figures({ ...wrong, drop: false }, hopeful.context, memory())).toHaveLength(6);
    expect(await figures(wrong, hopeless.context, store)).toEqual([]);
    expect(hopeless.seen.calls).toBeLessThan(hopeful.seen.calls);
    const again = world();
    await figures(wrong, again.context, store);
    expect(again.seen.calls).toBe(0);
    for (const keep of [0, 2]) {
      const warnings = await warningsOf({ ...wrong, keep }, world().context);
      expect(warnings).toEqual([expect.stringContaining('all that were tried were given up')]);
    }
    expect(await warningsOf({ ...wrong, drop: false }, world().context)).toEqual([]);
  });

  test('takes turns with wordings, views, guidance and weights, and counts seeds up', async () => {
    const { context } = world();
    const store = memory();
    const turns = {
      ...params,
      keep: 0,
      seed: 20,
      styles: ['an oil painting of {}', '{}'],
      guidance: ['7', '9:3'],
      weights: ['7:3'],
      drop: false,
    };
    const found = await figures(turns, context, store);
    expect(found.map(({ caption }) => caption)).toEqual(
      ['an oil painting of a 0.4', 'an oil painting of a 0.4', 'a 0.4', 'a 0.4'].concat([
        'an oil painting of a 0.4',
        'an oil painting of a 0.4',
      ]),
    );
    expect(found.map(({ seed }) => seed)).toEqual([20, 21, 22, 23, 24, 25]);
    expect(store.made[3]!.origin.params).toMatchObject({
      styles: ['{}'],
      guidance: ['9:3'],
      weights: ['7:3'],
      seed: 23,
      seeds: 1,
    });
  });

  test('what is balanced on the way is drawn again by the same weights', async () => {
    const { context } = world();
    const store = memory();
    const unlike = { ...params, prompts: ['a 0.2', 'a -0.6'], guidance: ['1'], seeds: 3, drop: false };
    const found = await figures({ ...unlike, balance: 'auto', keep: 1 }, context, store);
    const kept = found.at(-1)!;
    const first = tried(found).find(({ seed }) => seed === kept.seed)!;
    expect(kept.image.data).toEqual(first.image.data);
    const plain = await figures({ ...unlike, keep: 0 }, context, memory());
    expect(plain.find(({ seed }) => seed === kept.seed)!.image.data).not.toEqual(kept.image.data);
    expect(store.made.at(-1)!.origin.params).toMatchObject({ balance: 'auto' });
  });

  test('of one prompt and what it shows from near, tries hybrids', async () => {
    const { context } = world();
    const store = memory();
    const hybrid = { prompts: ['a 0.4'], near: ['a 0.4 b'], guidance: ['5:9'], seeds: 2, keep: 1, steps: 6 };
    const found = await figures({ ...hybrid, drop: false }, context, store);
    expect(tried(found)).toHaveLength(2);
    expect(found.at(-1)).toMatchObject({ caption: 'a 0.4 b', farCaption: 'a 0.4' });
    expect(store.made.at(-1)!.origin.params).toMatchObject({
      prompts: ['a 0.4'],
      views: ['identity'],
      near: ['a 0.4 b'],
      guidance: [5, 9],
    });
  });

  test('refuses lists that fit no number of sides', async () => {
    const { context } = world();
    await expect(figures({ ...params, guidance: ['7:7:7'] }, context, memory())).rejects.toThrow(
      /guidance: 3 given for 2 prompts/,
    );
    await expect(figures({ ...params, weights: ['a'] }, context, memory())).rejects.toThrow(
      /weights: in "a", "a" is not/,
    );
    await expect(figures({ ...params, views: ['upside'] }, context, memory())).rejects.toThrow(
      /no view "upside"/,
    );
  });
});

test('where all are given up it says so, and what to do', async () => {
  const { context } = world();
  const told: string[] = [];
  for await (const event of runExperiment(
    search,
    { ...params, prompts: ['a 0.9', 'a 0.9'], seeds: 2 },
    context,
  )) {
    expect(event.type).not.toBe('figure');
    if (event.type === 'warning') told.push(event.message);
  }
  expect(told).toEqual([expect.stringMatching(/^no picture: all that were tried were given up/)]);
});

describe('to verify a picture', () => {
  async function made() {
    const { context } = world();
    const store = memory();
    await figures({ ...params, seeds: 1, keep: 1 }, context, store);
    const { figure, hash, recipe, origin } = store.made.at(-1)!;
    const told = {
      recipe: { base: 'gaussian', ...recipe },
      hash,
      figure: { id: figure.id },
      params: origin.params,
    };
    return { context, told, picture: toPicture(figure.image), trace: origin.trace };
  }

  test('one value off by one is rounding, more is not, and the place is told', async () => {
    const { context, told, picture } = await made();
    const changed = (by: number) => {
      const data = picture.data.slice();
      data[3 * (5 * picture.width + 9)]! += data[3 * (5 * picture.width + 9)]! > 128 ? -by : by;
      return { ...picture, data };
    };
    const nearly = await verify(changed(1), recipeToFollow(told), everyExperiment, context);
    expect(nearly).toMatchObject({ result: 'within tolerance', different: 1, worst: 1 });
    const other = await verify(changed(40), recipeToFollow(told), everyExperiment, context);
    expect(other).toMatchObject({ result: 'departs', worst: 40, x: 9, y: 5 });
  });

  test('the step and the cell from which on it came out otherwise', async () => {
    const { context, told, picture, trace } = await made();
    const before = structuredClone(trace) as {
      -readonly [K in keyof TracePoint]: number[] & TracePoint[K];
    }[];
    before[2]!.cells[6]! += 40;
    const other = { ...picture, data: picture.data.map((value) => 255 - value) };
    const { departure } = await verify(other, recipeToFollow(told, before), everyExperiment, context);
    expect(departure).toMatchObject({ step: 3, steps: 6, row: 2, column: 3 });
  });

  test('what another checkpoint made, or another picture went into, is refused in words', async () => {
    const { context, told, picture } = await made();
    const foreign = { ...told, recipe: { ...told.recipe, base: 'another' } };
    await expect(verify(picture, recipeToFollow(foreign), everyExperiment, context)).rejects.toThrow(
      /fingerprint another/,
    );
    const changed = { ...told, hash: '0' };
    await expect(verify(picture, recipeToFollow(changed), everyExperiment, context)).rejects.toThrow(
      /another one now/,
    );
    expect(() => recipeToFollow(undefined)).toThrow(/no recipe/);
    expect(() => recipeToFollow({ prompt: 'a dog' })).toThrow(/which parameters/);
  });

  test('what was made without stage II is made again without it', async () => {
    const { context, told, picture } = await made();
    const large = { ...context.base, sampleSize: 2 * context.base.sampleSize };
    const upscaler = { ...large, conditioned: () => large.estimator };
    expect(
      await verify(picture, recipeToFollow(told), everyExperiment, { ...context, upscaler }),
    ).toMatchObject({ result: 'same' });
  });

  test('a picture of a server says its job: one of its figures is found', async () => {
    const { context, told, picture } = await made();
    const job = { experiment: told.recipe.experiment, params: told.params };
    expect(await verify(picture, recipeToFollow(job), everyExperiment, context)).toMatchObject({
      result: 'same',
    });
  });
});
