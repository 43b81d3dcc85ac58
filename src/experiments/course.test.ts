import { expect, test } from 'vitest';
import { countedModel, gaussianModel } from '../../test/gaussian-model.ts';
import { toPicture } from '../images/picture.ts';
import { along, coursesIn, endsOf, readCourse, typedCourses } from './course.ts';
import type { Figure, RunContext } from './experiment.ts';
import { everyExperiment } from './index.ts';
import { pictureBook } from './pictures.ts';
import { parseParams } from './recipe.ts';
import { runExperiment } from './runner.ts';
import { verify } from './verify.ts';

const illusion = everyExperiment.find(({ id }) => id === 'illusion')!;
const search = everyExperiment.find(({ id }) => id === 'search')!;

test('a course is a number, or where it begins and ends', () => {
  expect(['7', ' 7.50 ', '9..5', '9 .. 5.0', '0.5...25', '5..5'].map(readCourse)).toEqual([
    7,
    7.5,
    '9..5',
    '9..5',
    '0.5..0.25',
    5,
  ]);
  expect(readCourse(3)).toBe(3);
  for (const none of ['', 'a', '9..', '..5', '9..5..1', null, undefined, Number.NaN, [], {}])
    expect(readCourse(none), String(none)).toBeUndefined();
  expect(endsOf('9..0.5')).toEqual([9, 0.5]);
  expect(endsOf(4)).toEqual([4, 4]);
});

test('it goes evenly in t: at 999 the one end, at 0 the other, halfway the middle', () => {
  const course = along('9..5') as (t: number) => number;
  expect([999, 499.5, 0].map(course)).toEqual([9, 7, 5]);
  expect(along(7)).toBe(7);
});

test('in one word there are several, apart by colons or commas, and what is none is refused in words', () => {
  expect(typedCourses('9..5:1..5')).toEqual(['9..5', '1..5']);
  expect(typedCourses('0.6,0.4')).toEqual([0.6, 0.4]);
  expect(coursesIn('weights', '7:3')).toEqual([7, 3]);
  expect(() => coursesIn('weights', '7:0')).toThrow(
    /weights: in "7:0", "0" is not a number, more than 0 to 100/,
  );
  expect(() => coursesIn('guidance', '31..1')).toThrow(
    /guidance: .*"31\.\.1" is not a number, 0 to 30, or two/,
  );
});

test.each([
  [{ guidance: ['9..31'] }, /guidance\.0: expected a number, 0 to 30, or two as in 9\.\.5.*got "9\.\.31"/],
  [{ weights: ['5..0', 1] }, /weights\.0: expected a number, more than 0 to 100, or two.*got "5\.\.0"/],
  [{ weights: ['a', 1] }, /weights\.0: expected a number/],
  [{ weights: [0, 1] }, /weights\.0: expected a number, more than 0.*got 0/],
])('%j is refused by the schema', (params, refusal) => {
  expect(() => parseParams(illusion, params)).toThrow(refusal);
});

test('what would change nothing is refused', () => {
  const parts = (params: object) => illusion.parts(parseParams(illusion, params), { base: gaussianModel });
  expect(() => parts({ weights: ['9..5'] })).toThrow(/weights: all sides count 9\.\.5, so none gains/);
  expect(() => parts({ weights: ['9..5', 1], balance: 'auto' })).toThrow(
    /weights: 9\.\.5 is given, and sides/,
  );
  expect(() => parts({ weights: ['9..5', 1], balance: 'alternate' })).toThrow(
    /sides that take turns have no/,
  );
});

function world() {
  const { base, seen } = countedModel((prompt) => Number(prompt) || 0);
  const { picture, mask } = pictureBook();
  return { seen, context: { base, picture, mask } satisfies RunContext };
}

const shown = { prompts: ['0.6', '-0.6'], judge: false, steps: 12 };

async function drawn(params: object): Promise<{ figure: Figure; made: number; announced: number }> {
  const { seen, context } = world();
  let figure: Figure | undefined;
  let announced = 0;
  for await (const event of runExperiment(illusion, { ...shown, ...params }, context)) {
    if (event.type === 'part-start') announced += event.calls.base;
    if (event.type === 'figure') figure = event.figure;
  }
  return { figure: figure!, made: seen.calls, announced };
}

const brightness = ({ image: { data } }: Figure) => data.reduce((sum, value) => sum + value, 0) / data.length;

test('the side that counts more in the end decides, with equal weights in the middle', async () => {
  const [up, down] = [await drawn({ weights: ['1..9', '9..1'] }), await drawn({ weights: ['9..1', '1..9'] })];
  expect(brightness(up.figure)).toBeGreaterThan(0.1);
  expect(brightness(down.figure)).toBeLessThan(-0.1);
});

test('as many calls are announced as are made, also where guidance passes 1, which costs one', async () => {
  for (const guidance of [[7], ['9..5', 4], [1, '1..7'], ['1..1', 7]]) {
    const { made, announced } = await drawn({ guidance });
    expect(made, String(guidance)).toBe(announced);
  }
});

test('a picture drawn along courses is the same again from its recipe', async () => {
  const params = { ...shown, weights: ['9..5', '1..5'], guidance: ['9..5', 7] };
  const { figure } = await drawn(params);
  const { context } = world();
  const again = await verify(
    toPicture(figure.image),
    { experiment: 'illusion', params },
    everyExperiment,
    context,
  );
  expect(again.result).toBe('same');
});

test('a search tries them, and draws the best once more by the same', async () => {
  const { context } = world();
  const params = {
    prompts: shown.prompts,
    weights: ['9..5:1..5'],
    guidance: ['9..5'],
    seeds: 1,
    keep: 1,
    drop: false,
    steps: 6,
  };
  const borrowed: unknown[] = [];
  for await (const event of runExperiment(search, params, context))
    if (event.type === 'part-start' && event.experiment === illusion) borrowed.push(event.params);
  expect(borrowed).toMatchObject([{ weights: ['9..5', '1..5'], guidance: ['9..5', '9..5'] }]);
});
