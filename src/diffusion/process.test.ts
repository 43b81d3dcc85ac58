import { expect, test } from 'vitest';
import { TorchGenerator } from '../tensor/random.ts';
import { itineraries } from './itineraries.ts';
import { noisePerImage, noiseStream } from './noise.ts';
import { addNoise, CLEAN, noiseFromVelocity, noiseFromX0, predictX0, snr } from './process.ts';
import {
  alphasCumprod,
  checkTimesteps,
  cosineAlphaBar,
  endingClean,
  presetNames,
  presetTimesteps,
  spaced,
  strided,
} from './schedule.ts';

const shape = [2, 3, 8, 8];
const draw = (seed: number) => ({ data: new TorchGenerator(seed).randn(384), shape });

test('predictX0 takes back what addNoise has done', () => {
  const [x0, noise] = [draw(1), draw(2)];
  for (const t of [0, 250, 500, 750]) {
    const a = cosineAlphaBar(t);
    const back = predictX0(addNoise(x0, noise, a), noise, a);
    back.data.forEach((value, i) => void expect(value).toBeCloseTo(x0.data[i]!, 4));
  }
});

test('velocity and clean picture say the same as the noise', () => {
  const [x0, noise] = [draw(1), draw(2)];
  const a = cosineAlphaBar(400);
  const x = addNoise(x0, noise, a);
  const velocity = addNoise(noise, { data: x0.data.map((value) => -value), shape }, a);
  noiseFromVelocity(x, velocity, a).data.forEach(
    (value, i) => void expect(value).toBeCloseTo(noise.data[i]!, 4),
  );
  noiseFromX0(x, x0, a).data.forEach((value, i) => void expect(value).toBeCloseTo(noise.data[i]!, 4));
});

test('ᾱ falls from nearly one to nearly nothing, and is one at CLEAN', () => {
  const table = alphasCumprod({ numTrainTimesteps: 1000, betaSchedule: 'squaredcos_cap_v2' });
  expect(table[0]).toBeCloseTo(0.99995869, 7);
  expect(table[990]).toBeCloseTo(1.967e-4, 7);
  for (let t = 1; t < 1000; t++) expect(table[t]!).toBeLessThan(table[t - 1]!);
  expect(cosineAlphaBar(CLEAN)).toBe(1);
  expect(snr(cosineAlphaBar(CLEAN))).toBe(Infinity);
  expect(() => cosineAlphaBar(1000)).toThrow(/timestep is 1000, expected a whole number from 0 to 999/);
});

test('the course visits 34 levels, and one more to end clean', () => {
  expect(strided(990, 0, 30)).toHaveLength(34);
  expect(endingClean(strided(990, 0, 30)).slice(-2)).toEqual([0, CLEAN]);
});

test("IF's named itineraries have as many steps as their names say", () => {
  for (const name of presetNames) {
    const timesteps = presetTimesteps(name);
    expect(timesteps).toHaveLength(Number(/\d+$/.exec(name)![0]));
    expect(checkTimesteps(timesteps)[0]).toBe(999);
  }
});

test.each(Object.entries(itineraries))(
  '%s falls from one step to as many as there are levels',
  (_, { timesteps }) => {
    for (const steps of [1, 2, 10, 997, 1000])
      expect(checkTimesteps(timesteps(steps, cosineAlphaBar, 1000)).length).toBeGreaterThan(0);
  },
);

test('early steps lie close together where there is much noise', () => {
  const timesteps = itineraries.early.timesteps(10, cosineAlphaBar, 1000);
  expect(timesteps).toEqual([980, 969, 937, 882, 806, 709, 589, 448, 285, 100]);
  expect(itineraries.early.timesteps(6, cosineAlphaBar, 1000)).toEqual([980, 948, 850, 688, 462, 170]);
});

test('a list of timesteps that rises, leaves the range or is empty is refused', () => {
  expect(() => checkTimesteps([500, 500])).toThrow(/must fall strictly/);
  expect(() => checkTimesteps([1000, 0])).toThrow(/1000.*from 0 to 999/);
  expect(() => checkTimesteps([])).toThrow(/empty/);
  expect(() => spaced(0)).toThrow(/0 steps/);
});

test('a picture has the same noise alone and in company', () => {
  const together = noisePerImage([180, 181], [3, 8, 8]);
  const alone = noiseStream(181, [1, 3, 8, 8]);
  for (const t of [990, 960]) expect(together('step', t).data.slice(192)).toEqual(alone('step', t).data);
});

test('noise asked for again is the same, in any order', () => {
  const noise = noiseStream(7, [1, 3, 8, 8]);
  const [first, second] = [noise('start', 990), noise('step', 960)];
  expect(noise('step', 960)).toEqual(second);
  expect(noise('start', 990)).toEqual(first);
  expect(first).not.toEqual(second);
});
