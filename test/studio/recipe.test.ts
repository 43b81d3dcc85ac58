import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { everyExperiment } from '../../src/experiments/index.ts';
import type { Job } from '../../src/server/api-types.ts';
import { experimentInfo } from '../../src/server/experiment-info.ts';
import { axisFields, howFar, noNumbersIn, suggested, valuesOf } from '../../studio/grid.ts';
import { sseFrames } from '../../studio/http/sse.ts';
import { handlesOf } from '../../studio/panels/handles.ts';
import { packRecipe, unpackRecipe } from '../../studio/recipe.ts';
import {
  completed,
  defaultsOf,
  differences,
  errorsByField,
  type Params,
  withoutDefaults,
} from '../../studio/schema.ts';

const experiments = everyExperiment.map(experimentInfo);
const recipe = { experiment: 'hybrid', params: { sigma: 3.5, far: ['ein Kölner Dom', '鐘樓'] } };

describe('a recipe in a link', () => {
  test('comes back as it went', async () => {
    const packed = await packRecipe(recipe);
    expect(packed).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(await unpackRecipe(packed)).toEqual(recipe);
  });

  test('is deflate with base64url, which any language has', async () => {
    expect(await unpackRecipe(deflateSync(JSON.stringify(recipe)).toString('base64url'))).toEqual(recipe);
  });

  test('is refused when it is something else, cut off, or a bomb', async () => {
    const packed = (value: unknown) => deflateSync(JSON.stringify(value)).toString('base64url');
    await expect(unpackRecipe(packed({ experiment: 3 }))).rejects.toThrow('no recipe');
    await expect(unpackRecipe((await packRecipe(recipe)).slice(0, 20))).rejects.toThrow();
    await expect(unpackRecipe('%%%')).rejects.toThrow();
    await expect(unpackRecipe(deflateSync(' '.repeat(4 << 20)).toString('base64url'))).rejects.toThrow(
      'more than',
    );
  });
});

describe('forms from schemas', () => {
  test.each(experiments.map((experiment) => [experiment.id, experiment] as const))(
    '%s: every field has a default and says what it is',
    (_, experiment) => {
      for (const [name, value] of Object.entries(defaultsOf(experiment))) {
        expect(value, name).toBeDefined();
        expect(experiment.schema.properties[name]!.description, name).toBeTruthy();
      }
      expect(withoutDefaults(experiment, defaultsOf(experiment))).toEqual({});
    },
  );

  test('a difference names what changes, and nothing else', () => {
    const [experiment] = experiments;
    const seed = { ...defaultsOf(experiment!), seed: 7 };
    expect(differences(experiment!, defaultsOf(experiment!), seed)).toEqual([
      { name: 'seed', now: 180, other: 7 },
    ]);
    expect(completed(experiment!, { seed: 7, unknown: 1 })).toEqual(seed);
  });

  test('what the server refuses is told at its field', () => {
    const problem = { type: '', title: '', status: 422, code: 'recipe', detail: '' };
    const errors = [
      { path: 'params.prompts.0', message: 'too long' },
      { path: 'hidden', message: 'too few' },
    ];
    expect([...errorsByField({ ...problem, errors })]).toEqual([
      ['prompts', 'too long'],
      ['hidden', 'too few'],
    ]);
  });

  test('every value of a grid axis is one the experiment takes', () => {
    for (const experiment of everyExperiment) {
      for (const [name, field] of axisFields(experimentInfo(experiment))) {
        for (const value of valuesOf(field, suggested(field, field.default))) {
          const given = field.type === 'array' ? [value] : value;
          expect(
            experiment.params.safeParse({ [name]: given }).success,
            `${experiment.id}.${name} = ${value}`,
          ).toBe(true);
        }
      }
    }
  });
});

describe('how far a sweep is', () => {
  const job = (state: Job['state'], more: Partial<Job> = {}) =>
    ({ state, progress: { done: 0, total: 0 }, ...more }) as Job;
  const took = (seconds: number) =>
    job('done', {
      startedAt: '2026-01-01T00:00:00.000Z',
      finishedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString(),
    });
  test.each<[string, readonly Job[]]>([
    ['0 of 1 job done', [job('running')]],
    ['1 of 1 job done', [took(5)]],
    ['0 of 3 jobs done', [job('running'), job('queued'), job('queued')]],
    // Half of one and a whole one are left, 20 s each by what was seen.
    [
      '2 of 4 jobs done, about 30 s left',
      [
        took(10),
        took(30),
        job('running', { progress: { done: 5, total: 10, fraction: 0.5 } }),
        job('queued'),
      ],
    ],
    ['1 of 2 jobs done, about 2 min 00 s left', [took(120), job('queued')]],
    ['1 of 3 jobs done, 1 failed, 1 cancelled', [took(5), job('failed'), job('cancelled')]],
  ])('%s', (says, jobs) => expect(howFar(jobs)).toBe(says));

  test('what is no number among numbers is told', () => {
    const numbers = { type: 'array', items: { type: 'integer' } } as const;
    expect(noNumbersIn(numbers, '1, 2\ntwo x3 ')).toEqual(['two', 'x3']);
    expect(noNumbersIn({ type: 'string' }, 'a cat')).toEqual([]);
  });
});

describe('handles on the schedule', () => {
  const withLevels = experiments.find(({ schema }) =>
    Object.values(schema.properties).some(({ levels, type }) => levels && type === 'array'),
  )!;
  const name = Object.entries(withLevels.schema.properties).find(
    ([, { levels, type }]) => levels && type === 'array',
  )![0];

  test('i_start stands where its run begins, and the nearest one to a place is found', () => {
    const { all, visited } = handlesOf(withLevels, { ...defaultsOf(withLevels), [name]: [5, 20] }, () => {});
    expect(all.map(({ t }) => t)).toEqual([840, 390]);
    expect(all[1]!.text).toBe('i_start = 20, t = 390');
    expect(all[0]!.nearest(500)).toBe(16);
    expect(visited[0]).toBe(840);
  });

  test('moved, it changes its own place in the list alone', () => {
    let changed: Params = {};
    const { all } = handlesOf(withLevels, { ...defaultsOf(withLevels), [name]: [5, 20] }, (params) => {
      changed = params;
    });
    all[1]!.set(21);
    expect(changed[name]).toEqual([5, 21]);
  });
});

test('frames of an event stream are found however the bytes are cut', async () => {
  const text =
    'id: 1\nevent: step\ndata: {"a":1}\n\n: nothing\n\nevent: x\r\ndata: {"b":\r\ndata: 2}\r\n\r\n';
  for (const size of [1, 3, 7, 100]) {
    const parts = text
      .match(new RegExp(`[^]{1,${size}}`, 'g'))!
      .map((part) => new TextEncoder().encode(part));
    const response = new Response(
      new ReadableStream({
        start(controller) {
          for (const part of parts) controller.enqueue(part);
          controller.close();
        },
      }),
    );
    const frames: string[] = [];
    for await (const frame of sseFrames(response)) frames.push(frame);
    expect(frames).toEqual(['{"a":1}', '{"b":\n2}']);
  }
});
