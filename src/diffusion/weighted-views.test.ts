import { expect, test } from 'vitest';
import { gaussianEstimator } from './gaussian.ts';
import { composed, isViewName, viewNamed } from './named-view.ts';
import { noiseStream } from './noise.ts';
import { cosineAlphaBar as alphaBar } from './schedule.ts';
import { averageViews } from './view.ts';
import { identity, viewNames, views } from './views.ts';
import { weightedViews } from './weighted-views.ts';

const x = noiseStream(3, [1, 3, 16, 16])('picture', 0);
const bright = gaussianEstimator(0.5, 0.3, alphaBar);
const dark = gaussianEstimator(-0.5, 0.3, alphaBar);

test('weights of 1 are the mean, bit for bit, of two sides and of three', async () => {
  const two = [[identity, bright] as const, [views.rotate180, dark] as const];
  const three = [...two, [views.negate, bright] as const];
  for (const sides of [two, three]) {
    const { noise } = await averageViews(...sides)(x, 500);
    const weighted = weightedViews(...sides.map(([view, estimator]) => [1, view, estimator] as const));
    expect((await weighted(x, 500)).noise.data).toEqual(noise.data);
  }
});

test('a side counts as much as its share of the weights', async () => {
  const [a, b] = [(await bright(x, 500)).noise, (await dark(x, 500)).noise];
  const { noise } = await weightedViews([3, identity, bright], [1, identity, dark])(x, 500);
  for (const i of [0, 100, 700]) expect(noise.data[i]).toBeCloseTo(0.75 * a.data[i]! + 0.25 * b.data[i]!, 6);
});

test('a weight that changes over t counts as it is at each, and a side that weighs nothing there is not asked', async () => {
  const asked: number[] = [];
  const watched: typeof dark = (seen, t) => {
    asked.push(t);
    return dark(seen, t);
  };
  const changing = weightedViews(
    [1, identity, bright],
    [(t) => (t > 500 ? 0 : t / 100), views.flip, watched],
  );
  expect((await changing(x, 800)).noise.data).toEqual((await bright(x, 800)).noise.data);
  expect(asked).toEqual([]);
  const fixed = weightedViews([1, identity, bright], [3, views.flip, dark]);
  expect(await changing(x, 300)).toEqual(await fixed(x, 300));
  expect(asked).toEqual([300]);
});

test('weights over t that are none, or all of nothing, are refused with the t', async () => {
  const none = weightedViews([() => 0, identity, bright], [(t) => t - 500, views.flip, dark]);
  await expect(none(x, 500)).rejects.toThrow(/weights at t = 500.*one of them above 0/);
  await expect(none(x, 400)).rejects.toThrow(/weight at t = 400.*0 or more/);
  const unknown = weightedViews([() => Number.NaN, identity, bright]);
  await expect(unknown(x, 400)).rejects.toThrow(/weight at t = 400/);
});

test('views one after the other are undone the other way round', () => {
  const both = viewNamed('rotate_cw + negate');
  expect(both.name).toBe('rotate_cw + negate');
  expect(both.apply(x)).toEqual(views.negate.apply(views.rotate_cw.apply(x)));
  for (const name of viewNames.filter((name) => !/^pixel_permute|^hue/.test(name))) {
    const view = composed(views.skew, views[name], views.colour_cycle);
    expect(view.invert(view.apply(x)).data).toEqual(x.data);
  }
});

test('the CSS of a composed view does the first turn first', () => {
  expect(viewNamed('rotate_cw + flip').css).toBe('scaleY(-1) rotate(90deg)');
  expect(viewNamed('identity + flip').css).toBe('scaleY(-1)');
  expect(viewNamed('rotate_cw + skew').css).toBeUndefined();
});

test('a list of places stands for a name, alone and beside others, and comes back as its name', () => {
  const halves = viewNamed('[1, 0, 3, 2]');
  expect(halves.apply(x)).toEqual(views.half_shift.apply(x));
  expect(viewNamed(halves.name).apply(x)).toEqual(halves.apply(x));
  expect(viewNamed('[2,3,0,1] + negate').apply(x)).toEqual(
    views.negate.apply(viewNamed('[2,3,0,1]').apply(x)),
  );
  for (const [text, reason] of [
    ['[1,0', /no list in JSON/],
    ['[]', /0 places/],
    ['[1,0,2]', /3 places/],
    ['[1,0,"a",2]', /pixel a at row 1, column 0/],
    ['[1,0,3,4]', /pixel 4 at row 1, column 1/],
  ] as const) {
    expect(() => viewNamed(text)).toThrow(reason);
    expect(isViewName(text)).toBe(false);
  }
  expect(isViewName('flip + [1,0,3,2]')).toBe(true);
});

test('a view that there is not is refused with those there are', () => {
  expect(() => viewNamed('rotate_cw + upside')).toThrow(/no view "upside"/);
});
