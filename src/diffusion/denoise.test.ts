import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../tensor/random.ts';
import { map, rows, stack, type Tensor, zeros } from '../tensor/tensor.ts';
import { colour, factorized, greyscale, highPass, lowPass } from './components.ts';
import { denoise, resultOf, resumeDenoising, type Standing } from './denoise.ts';
import { guided, type NoiseEstimator, remembering } from './estimator.ts';
import { gaussianEstimator } from './gaussian.ts';
import { guidanceInterval } from './guidance-interval.ts';
import { keepClean, keepOutside, pinned, resampled } from './inpaint.ts';
import { type NoiseQuestion, noisePerImage, noiseStream } from './noise.ts';
import { CLEAN, type NoiseSource, noiseFromX0 } from './process.ts';
import { ddim, ddpm, samplerNames, samplers } from './samplers.ts';
import { cosineAlphaBar as alphaBar, endingClean, strided } from './schedule.ts';
import { dynamicThreshold, quantile } from './threshold.ts';
import { averageViews } from './view.ts';
import { flip, identity, views } from './views.ts';

const size = 32;
const plane = size * size;
const shape = [1, 3, size, size];
const timesteps = endingClean(strided(990, 0, 30));
const mean = ({ data }: Tensor) => data.reduce((a, b) => a + b, 0) / data.length;
const deviation = (x: Tensor) =>
  Math.sqrt(x.data.reduce((total, value) => total + (value - mean(x)) ** 2, 0) / x.data.length);

function sample(
  estimator: NoiseEstimator,
  options: Partial<Parameters<typeof denoise>[1]> = {},
  seed = 180,
): Promise<Tensor> {
  const noise = noiseStream(seed, shape);
  const run = { estimator, alphaBar, timesteps, sampler: ddpm(), noise, ...options };
  return resultOf(denoise(noise('start', 990), run));
}

describe.each(samplerNames)('%s on the exact estimator', (name) => {
  test('reaches the mean and the spread of its pictures', async () => {
    const fine = endingClean(strided(999, 0, 3));
    const x = await sample(gaussianEstimator(0.4, 0.3, alphaBar), {
      sampler: samplers[name].make(),
      timesteps: fine,
    });
    expect(Math.abs(mean(x) - 0.4)).toBeLessThan(0.01);
    expect(Math.abs(deviation(x) - 0.3)).toBeLessThan(0.015);
  });
});

test('33 strided steps are enough for the mean', async () => {
  expect(Math.abs(mean(await sample(gaussianEstimator(0.4, 0.3, alphaBar))) - 0.4)).toBeLessThan(0.02);
});

test('guidance moves past the conditional picture, away from the unconditional one', async () => {
  const [c, u] = [gaussianEstimator(0.3, 0.3, alphaBar), gaussianEstimator(0.1, 0.3, alphaBar)];
  const [plain, pushed] = await Promise.all([sample(guided(c, u, 1)), sample(guided(c, u, 3))]);
  expect(mean(pushed)).toBeGreaterThan(mean(plain) + 0.2);
});

test('guidance in an interval asks without the prompt there alone, and is none outside', async () => {
  const [c, u] = [gaussianEstimator(0.3, 0.3, alphaBar), gaussianEstimator(0.1, 0.3, alphaBar)];
  const asked: number[] = [];
  const unconditional: NoiseEstimator = (x, t) => {
    asked.push(t);
    return u(x, t);
  };
  const estimator = guided(c, unconditional, guidanceInterval(3, { from: 900, to: 600 }));
  await sample(estimator);
  expect(asked).toEqual([900, 870, 840, 810, 780, 750, 720, 690, 660, 630, 600]);
  const x = zeros([1, 3, 4, 4]);
  expect(await estimator(x, 300)).toEqual(await c(x, 300));
  expect(await estimator(x, 660)).toEqual(await guided(c, u, 3)(x, 660));
});

test('guidance that changes over t is at each what it says, and refused with the t where it says nothing', async () => {
  const [c, u] = [gaussianEstimator(0.3, 0.3, alphaBar), gaussianEstimator(0.1, 0.3, alphaBar)];
  const x = zeros([1, 3, 4, 4]);
  const falling = guided(c, u, (t) => 1 + t / 100);
  for (const t of [600, 200]) expect(await falling(x, t)).toEqual(await guided(c, u, 1 + t / 100)(x, t));
  const broken = guided(c, u, () => Number.NaN);
  await expect(broken(x, 600)).rejects.toThrow(/guidanceScale at t = 600/);
});

test('an anagram shows each prompt its own way up', async () => {
  const half =
    (top: number): NoiseEstimator =>
    async (x, t) => {
      const [above, below] = await Promise.all([
        gaussianEstimator(top, 0.1, alphaBar)(x, t),
        gaussianEstimator(-top, 0.1, alphaBar)(x, t),
      ]);
      return {
        noise: {
          data: above.noise.data.map((value, i) => (i % plane < plane / 2 ? value : below.noise.data[i]!)),
          shape,
        },
      };
    };
  // Upright the top is bright; turned, the top is dark: both are the same picture.
  const x = await sample(averageViews([identity, half(0.9)], [flip, half(-0.9)]));
  const top = x.data.filter((_, i) => i % plane < plane / 2);
  expect(top.reduce((a, b) => a + b, 0) / top.length).toBeGreaterThan(0.8);
});

test('a hybrid has the mean of its low part and the contrast of its high part', async () => {
  const estimator = factorized(
    [lowPass(33, 2), gaussianEstimator(0.5, 0.05, alphaBar)],
    [highPass(33, 2), gaussianEstimator(-0.5, 0.6, alphaBar)],
  );
  const x = await sample(estimator);
  expect(Math.abs(mean(x) - 0.5)).toBeLessThan(0.03);
  expect(Math.abs(deviation(x) - 0.6)).toBeLessThan(0.1);
});

describe('steps taken several times', () => {
  const mask = map(zeros([1, 1, size, size]), (_, i) => (i % size < 0.9 * size ? 1 : 0));
  const original = map(zeros(shape), () => 0.7);
  const hole = ({ data }: Tensor) => data.filter((_, i) => mask.data[i % plane] === 1);
  /** The exact estimator of pictures of one value, any: what lies outside the hole says all of it. */
  const flat: NoiseEstimator = async (x, t) => {
    const a = alphaBar(t);
    const value = (Math.sqrt(a) * mean(x)) / (a + (1 - a) / x.data.length);
    return {
      noise: noiseFromX0(
        x,
        map(x, () => value),
        a,
      ),
    };
  };
  const painted = (times: number, { sampler = ddpm(), ...options }: Parameters<typeof sample>[1] = {}) => {
    const noise = noiseStream(180, shape);
    const putBack = (source: NoiseSource) => keepOutside(mask, original, alphaBar, source);
    return sample(options.estimator ?? flat, {
      ...options,
      noise,
      project: putBack(noise),
      sampler: resampled(sampler, times, putBack),
    });
  };
  const miss = (x: Tensor) => Math.abs(hole(x).reduce((a, b) => a + b, 0) / hole(x).length - 0.7);

  test('bring what is invented to what surrounds it, which is kept', async () => {
    const [once, fivefold] = await Promise.all([painted(1), painted(5)]);
    expect(miss(fivefold)).toBeLessThan(miss(once) / 3);
    const kept = (x: Tensor) => x.data.filter((_, i) => mask.data[i % plane] === 0);
    expect(kept(fivefold)).toEqual(kept(original));
  });

  test.each(samplerNames)('can be those of %s', async (name) => {
    expect(miss(await painted(5, { sampler: samplers[name].make() }))).toBeLessThan(0.05);
  });

  test('once is the sampler itself; more often, a level is looked at as often, but not on the way to the end', async () => {
    const noise = noiseStream(180, shape);
    const project = keepOutside(mask, original, alphaBar, noise);
    expect((await painted(1)).data).toEqual((await sample(flat, { noise, project })).data);
    const asked: number[] = [];
    const estimator: NoiseEstimator = (x, t) => {
      asked.push(t);
      return flat(x, t);
    };
    await painted(3, { estimator, timesteps: [990, 600, 30, CLEAN] });
    expect(asked).toEqual([990, 990, 990, 600, 600, 600, 30]);
  });
});

test('a kept pixel comes back bit for bit', async () => {
  const tower = { data: new TorchGenerator(9).randn(3 * plane), shape };
  const mask = {
    data: Float32Array.from({ length: plane }, (_, i) => (i % size < 10 ? 1 : 0)),
    shape: [1, 1, size, size],
  };
  const noise = noiseStream(180, shape);
  const run = {
    estimator: gaussianEstimator(0, 1, alphaBar),
    alphaBar,
    timesteps,
    sampler: ddpm(),
    noise,
    project: keepOutside(mask, tower, alphaBar, noise),
  };
  const x = await resultOf(denoise(noise('start', 990), run));
  const changed = x.data.map((value, i) => (Object.is(value, tower.data[i]) ? 0 : 1));
  changed.forEach((value, i) => void expect(value).toBe(mask.data[i % plane]));
});

test('a batch of pictures is the pictures one by one', async () => {
  const seeds = [180, 181, 182];
  const estimator = gaussianEstimator(0.2, 0.4, alphaBar);
  const run = (some: number[]) => {
    const noise = noisePerImage(some, [3, size, size]);
    return resultOf(
      denoise(noise('start', 990), {
        estimator,
        alphaBar,
        timesteps,
        sampler: ddpm(),
        noise,
        threshold: dynamicThreshold({ ratio: 0.95, maxValue: 1.5 }),
      }),
    );
  };
  const together = await run(seeds);
  const alone = stack(await Promise.all(seeds.map((seed) => run([seed]))));
  expect(together.data).toEqual(alone.data);
  expect(rows(together)).toHaveLength(3);
});

test('an abort between two steps ends the walk with AbortError', async () => {
  const controller = new AbortController();
  const noise = noiseStream(180, shape);
  const walk = denoise(noise('start', 990), {
    estimator: gaussianEstimator(0, 1, alphaBar),
    alphaBar,
    timesteps,
    sampler: ddpm(),
    noise,
    signal: controller.signal,
  });
  for (let i = 0; i < 3; i++) await walk.next();
  controller.abort();
  await expect(walk.next()).rejects.toMatchObject({ name: 'AbortError' });
});

test('an answer that is not a number is an error, never a picture', async () => {
  const broken: NoiseEstimator = async (x) => ({
    noise: { data: x.data.map(() => Number.NaN), shape: x.shape },
  });
  await expect(sample(broken)).rejects.toThrow("the network's answer at t = 990 is not finite");
});

test('an x that is not a number is not blamed on the network', async () => {
  const [silent, x] = [zeros(shape), { data: new Float32Array(3 * plane).fill(Number.NaN), shape }];
  const run = { estimator: async () => ({ noise: silent }), alphaBar, timesteps, sampler: ddpm() };
  const walk = denoise(x, { ...run, noise: noiseStream(180, shape) });
  await expect(resultOf(walk)).rejects.toThrow('x at t = 990 is not finite');
});

test('a sampler that was not made, and so gives a function, is refused', async () => {
  const estimator = gaussianEstimator(0, 1, alphaBar);
  await expect(sample(estimator, { sampler: ddpm as never })).rejects.toThrow(
    'what the sampler gives is a function, expected a tensor',
  );
});

test.each([255, -0.1, Number.NaN])('a mask with %d in it is refused', (value) => {
  const [mask, tower] = [
    { data: new Float32Array(plane).fill(value), shape: [1, 1, size, size] },
    zeros(shape),
  ];
  const says = `a value of the mask is ${value < 0 ? '-0.1' : value}`;
  expect(() => keepOutside(mask, tower, alphaBar, noiseStream(180, shape))).toThrow(says);
  expect(() => keepClean(mask, tower)).toThrow(says);
});

test('the anagram estimator asks each network once a step', async () => {
  let calls = 0;
  const counting: NoiseEstimator = (x, t) => {
    calls++;
    return gaussianEstimator(0, 1, alphaBar)(x, t);
  };
  await sample(averageViews([identity, counting], [views.rotate180, counting]));
  expect(calls).toBe(2 * (timesteps.length - 1));
});

test('two guided estimates of one picture share what is seen without a prompt', async () => {
  let asked = 0;
  const nothing = remembering(async (x) => {
    asked++;
    return { noise: x };
  });
  const prompted: NoiseEstimator = async (x) => ({ noise: x });
  const parts = [0.25, 0.75].map(
    (share) => [(noise: Tensor) => map(noise, (v) => share * v), guided(prompted, nothing, 7)] as const,
  );
  const x = zeros([1, 1, 2, 2]);
  for (const t of [20, 10]) await factorized(...parts)(x, t);
  expect(asked).toBe(2);
  await factorized(...parts)(zeros([1, 1, 2, 2]), 10);
  expect(asked).toBe(3);
});

test('without η the noise of the steps does not matter', async () => {
  const noise = noiseStream(180, shape);
  const start = noise('start', 990);
  const estimator = gaussianEstimator(0.2, 0.4, alphaBar);
  const run = (seed: number) =>
    resultOf(
      denoise(start, { estimator, alphaBar, timesteps, sampler: ddim(), noise: noiseStream(seed, shape) }),
    );
  expect((await run(1)).data).toEqual((await run(2)).data);
});

test('dynamic thresholding never leaves [-1, 1], and leaves what is inside alone', () => {
  const wide = { data: new TorchGenerator(1).randn(768).map((value) => 3 * value), shape: [1, 3, 16, 16] };
  const held = dynamicThreshold({ ratio: 0.95, maxValue: 1.5 })(wide);
  for (const value of held.data) expect(Math.abs(value)).toBeLessThanOrEqual(1);
  const narrow = { data: wide.data.map((value) => value / 20), shape: wide.shape };
  expect(dynamicThreshold({ ratio: 0.95, maxValue: 1.5 })(narrow).data).toEqual(narrow.data);
  expect(quantile(Float32Array.of(3, 1, 2), 0.75)).toBe(2.5);
  expect(CLEAN).toBe(-1);
});

test('a quantile is that of the sorted values, however many are alike', () => {
  const generator = new TorchGenerator(180);
  for (const [count, steps] of [
    [1, 1],
    [2, 1],
    [1000, 3],
    [1000, 1e6],
  ] as const)
    for (const q of [0, 0.1, 0.5, 0.995, 1]) {
      const values = generator.rand(count).map((value) => Math.floor(value * steps));
      const sorted = values.toSorted();
      const at = q * (count - 1);
      const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
      expect(quantile(values, q)).toBe(low + (high - low) * (at - Math.floor(at)));
    }
});

describe('a run that makes no sense is refused before its first step', () => {
  test.each([
    [[], /timesteps: the list is empty/],
    [[10, 20], /must fall strictly, but 10 is followed by 20/],
    [[1500, 0], /1500, expected a whole number from 0 to 999/],
    [[20, 0.5], /0.5 is no whole number/],
    [[20, -2], /-2, expected/],
  ])('timesteps %j', async (timesteps, message) => {
    let asked = 0;
    const estimator: NoiseEstimator = async (x) => {
      asked++;
      return { noise: x };
    };
    await expect(sample(estimator, { timesteps })).rejects.toThrow(message);
    expect(asked).toBe(0);
  });
});

describe.each(samplerNames)('a run of %s', (name) => {
  test('taken up again at any kept step, with new noise that was asked the same, ends in the same bits', async () => {
    const shape = [1, 3, 8, 8];
    const options = {
      estimator: gaussianEstimator(0.2, 0.4, alphaBar),
      alphaBar,
      timesteps: [900, 700, 400, 100, 0, CLEAN],
      sampler: samplers[name].make(),
      threshold: dynamicThreshold({ ratio: 0.95, maxValue: 1.5 }),
    };
    const noise = noiseStream(180, shape);
    const kept: { standing: Standing; asked: readonly NoiseQuestion[] }[] = [];
    const walk = denoise(noise('start', 900), { ...options, noise });
    let step = await walk.next();
    for (; !step.done; step = await walk.next()) {
      const { index, x, past } = step.value;
      kept.push({ standing: { index, x, past }, asked: [...noise.asked] });
    }
    expect(kept).toHaveLength(5);
    for (const { standing, asked } of kept) {
      const again = resumeDenoising(standing, { ...options, noise: noiseStream(180, shape, asked) });
      expect((await resultOf(again)).data).toEqual(step.value.data);
    }
  });
});

test('a pinned component ends as that of its picture, and the rest is free', async () => {
  const picture = { data: new TorchGenerator(9).randn(3 * plane).map((v) => v / 4), shape };
  const noise = noiseStream(180, shape);
  const x = await sample(gaussianEstimator(0.4, 0.3, alphaBar), {
    noise,
    project: pinned(greyscale, picture, alphaBar, noise),
  });
  const [grey, expected] = [greyscale(x), greyscale(picture)];
  grey.data.forEach((value, i) => void expect(value).toBeCloseTo(expected.data[i]!, 5));
  expect(deviation(colour(x))).toBeGreaterThan(0.1);
  expect(colour(x).data).not.toEqual(colour(picture).data);
});

test.each(samplerNames)('%s asks for estimates at the levels its record says', async (name) => {
  const asked: number[] = [];
  const exact = gaussianEstimator(0.2, 0.4, alphaBar);
  const estimator: NoiseEstimator = (x, t) => {
    asked.push(t);
    return exact(x, t);
  };
  const timesteps = [900, 500, 100, CLEAN];
  await sample(estimator, { timesteps, sampler: samplers[name].make() });
  expect(asked.toSorted()).toEqual([...samplers[name].asksAt(timesteps)].toSorted());
});
