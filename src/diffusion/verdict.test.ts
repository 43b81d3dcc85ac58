import { describe, expect, test } from 'vitest';
import { full, type Tensor } from '../tensor/tensor.ts';
import type { Prompted } from './cascade.ts';
import { lowPass } from './components.ts';
import { gaussianEstimator } from './gaussian.ts';
import { noiseStream } from './noise.ts';
import { cosineAlphaBar as alphaBar } from './schedule.ts';
import { concealment, diffusionClassifier, noiseError, verdict } from './verdict.ts';
import { views } from './views.ts';

const shape = [3, 32, 32];
const looking = { alphaBar, noise: noiseStream(7, shape), levels: [200, 500] };
const grey = (value: number): Tensor => full([1, ...shape], value);
const DEVIATION = 0.3;

/** Prompts are the mean brightness they speak of; no prompt speaks of mid grey. */
const stage: Prompted = (prompt) => gaussianEstimator(Number(prompt), DEVIATION, alphaBar);
const classify = diffusionClassifier(stage, '', looking);

/**
 * The estimator is exact, so its error is known: with d = ᾱs² + 1 − ᾱ the answer is off by
 * −ᾱs²/d·ε + √(ᾱ(1−ᾱ))/d·(x − μ).
 */
function expectedError(x: number, mean: number, t: number): number {
  const a = alphaBar(t);
  const d = a * DEVIATION ** 2 + 1 - a;
  const noise = looking.noise('verdict', t).data;
  const off = Array.from(
    noise,
    (value) => (-a * DEVIATION ** 2 * value + Math.sqrt(a * (1 - a)) * (x - mean)) / d,
  );
  return off.reduce((total, value) => total + value ** 2, 0) / off.length;
}

test('the error in the noise is the one that mathematics gives', async () => {
  for (const t of [100, 400, 800])
    expect(await noiseError(stage('0.4'), grey(0.1), t, looking)).toBeCloseTo(expectedError(0.1, 0.4, t), 5);
});

describe('the diffusion classifier', () => {
  test('gives the relative gain over no prompt, a mean over levels', async () => {
    const [gain] = await classify(grey(0.3), ['0.5']);
    const at = (t: number) => 1 - expectedError(0.3, 0.5, t) / expectedError(0.3, 0, t);
    expect(gain).toBeCloseTo((at(200) + at(500)) / 2, 4);
  });

  test('gains by the true prompt, gains nothing by none, loses by a false one', async () => {
    const [right, none, wrong] = await classify(grey(0.5), ['0.5', '0', '-0.5']);
    expect(right).toBeGreaterThan(0.1);
    expect(none).toBe(0);
    expect(wrong).toBeLessThan(-0.1);
  });

  test('says the same again', async () => {
    expect(await classify(grey(0.2), ['0.3'])).toEqual(await classify(grey(0.2), ['0.3']));
  });

  test('wants one picture', async () => {
    await expect(classify(full([2, ...shape], 0), ['0'])).rejects.toThrow(/\[2, 3, 32, 32\]/);
  });
});

describe('the verdict', () => {
  const sides = [
    { prompt: '0.5', seen: views.identity.apply },
    { prompt: '-0.5', seen: views.negate.apply },
  ];

  test('a picture that is bright, and dark as a negative, is an anagram; a grey one is none', async () => {
    const works = await verdict(grey(0.5), sides, classify);
    const fails = await verdict(grey(0), sides, classify);
    expect(works.alignment).toBeGreaterThan(0.1);
    expect(works.concealment).toBeGreaterThan(0.99);
    expect(fails.alignment).toBeLessThan(0);
    expect(fails.concealment).toBeCloseTo(0.5, 6);
    // As seen, both sides of the one that works are equally far from what they show.
    expect(works.sides[0]!.gain).toBeCloseTo(works.sides[1]!.gain, 1);
  });

  test('the worst side decides', async () => {
    const seen = views.identity.apply;
    const { alignment, sides: found } = await verdict(
      grey(0.5),
      [
        { prompt: '0.5', seen },
        { prompt: '-0.5', seen },
      ],
      classify,
    );
    expect(alignment).toBe(found[1]!.gain);
    expect(found[0]!.overOthers).toBeCloseTo(found[0]!.gain - found[1]!.gain, 10);
    expect(found[1]!.overOthers).toBeLessThan(0);
  });

  test('a subject that fits better than the prompt is named', async () => {
    const [side] = (await verdict(grey(0.4), [sides[0]!], classify, { subjects: ['-0.5', '0.4', '0.9'] }))
      .sides;
    expect(side!.nearest).toBe('0.4');
    expect(side!.overSubjects).toBeLessThan(0);
    expect(side).not.toHaveProperty('overOthers');
  });

  test('any function that looks at pictures may judge, and a side may be seen from afar', async () => {
    const brightness = async (picture: Tensor, prompts: readonly string[]) =>
      prompts.map(() => picture.data.reduce((a, b) => a + b, 0) / picture.data.length);
    const afar = { prompt: 'anything', seen: lowPass(9, 2) };
    expect((await verdict(grey(0.25), [afar], brightness)).alignment).toBeCloseTo(0.25, 5);
  });
});

test('concealment is 1/n when nothing can be told apart, and falls with every betrayal', () => {
  expect(
    concealment(
      [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
      0.02,
    ),
  ).toBeCloseTo(1 / 3, 10);
  expect(
    concealment(
      [
        [1, 0],
        [0, 1],
      ],
      0.02,
    ),
  ).toBeCloseTo(1, 10);
  // The first side shows both prompts: by prompts it is even, by sides the second prompt is even.
  expect(
    concealment(
      [
        [1, 1],
        [0, 1],
      ],
      0.02,
    ),
  ).toBeCloseTo((0.5 + 1 + 1 + 0.5) / 4, 6);
});
