import { describe, expect, test } from 'vitest';
import { CampanileError } from '../errors.ts';
import * as tensors from '../tensor/index.ts';
import { zeros } from '../tensor/tensor.ts';
import * as illusions from './illusions.ts';
import * as formulas from './index.ts';

const diffusion = { ...formulas, ...illusions };

const { cosineAlphaBar: alphaBar, gaussianEstimator, identity, noiseStream, views } = diffusion;
const x = zeros([1, 3, 8, 8]);
const mask = zeros([1, 1, 8, 8]);
const estimator = gaussianEstimator(0, 1, alphaBar);
const noise = noiseStream(1, [1, 3, 8, 8]);
const run = { estimator, alphaBar, timesteps: [20, 10, -1], sampler: diffusion.ddpm(), noise };
const f = (value: number) => value;
const matrix = [
  [0, 1, 0],
  [1, 0, 0],
  [0, 0, 1],
];
const schedule = { numTrainTimesteps: 1000, betaSchedule: 'squaredcos_cap_v2' };

type Call = readonly [args: readonly unknown[], then?: readonly unknown[]];

/** Every public function, called as it wants to be; and, where it gives a function back, how that is called. */
const right: Record<string, Call> = {
  blend: [[mask, x, x]],
  channels: [[x, 0, 2]],
  findNonFinite: [[x]],
  full: [[[2, 2], 1]],
  gaussianBlur: [[x, 5, 2]],
  gaussianKernel: [[5, 2]],
  joinChannels: [[[x, x]]],
  hueTurn: [[90]],
  map: [[x, f]],
  mean: [[[x, x]]],
  psnr: [[x, x, 2]],
  repeat: [[x, 2]],
  row: [[x, 0]],
  rows: [[x]],
  sameShape: [[[1], [1]]],
  sizeOf: [[[1, 2]]],
  stack: [[[x, x]]],
  subtract: [[x, x]],
  sum: [[[x, x]]],
  tensor: [[[1, 2], [2]]],
  weightedSum: [
    [
      [1, x],
      [2, x],
    ],
  ],
  zeros: [[[2, 2]]],
  bilinearAligned: [[x, 16, 16]],
  TorchGenerator: [[180]],

  addNoise: [[x, x, 0.5]],
  alphaBarOf: [[schedule], [20]],
  alternatingViews: [
    [
      [identity, estimator],
      [views.flip, estimator],
    ],
    [x, 20],
  ],
  balancedViews: [
    [[[identity, estimator]], { alphaBar, evidence: async () => [0] }],
    [x, 20],
  ],
  rectified: [[x, [x]]],
  alphasCumprod: [[schedule]],
  averageViews: [
    [
      [identity, estimator],
      [views.flip, estimator],
    ],
    [x, 20],
  ],
  betas: [[schedule]],
  composed: [[views.flip, views.negate]],
  concealment: [[[[1]], 0.02]],
  checkTimesteps: [[[20, 10], alphaBar]],
  checkView: [[views.flip]],
  colour: [[x]],
  conditionedOn: [[() => estimator, x, 50]],
  cosineAlphaBar: [[20]],
  ddim: [[{ eta: 1 }]],
  ddpm: [[{ variance: 'large' }]],
  denoise: [[x, run]],
  diffusionClassifier: [
    [() => estimator, '', { alphaBar, noise }],
    [x, ['a prompt']],
  ],
  dpmSolver2M: [[]],
  earlyTimesteps: [[10, 1000]],
  dynamicThreshold: [[{ ratio: 0.95 }], [x]],
  endingClean: [[[20, 10]]],
  factorized: [
    [
      [diffusion.greyscale, estimator],
      [diffusion.colour, estimator],
    ],
    [x, 20],
  ],
  gaussianEstimator: [
    [0, 1, alphaBar],
    [x, 20],
  ],
  greyscale: [[x]],
  guided: [
    [estimator, estimator, 7],
    [x, 20],
  ],
  halfLogSnr: [[0.5]],
  heun: [[]],
  highPass: [[5, 2], [x]],
  karrasSpaced: [[10, { alphaBar }]],
  isViewName: [['flip']],
  keepClean: [[mask, x], [x]],
  keepOutside: [
    [mask, x, alphaBar, noise],
    [x, 20],
  ],
  lambdaSpaced: [[10, { alphaBar }]],
  lastShare: [[[20, 10, -1], 0.5]],
  lowPass: [[5, 2], [x]],
  meanVariance: [[[{ noise: x, variance: x }]]],
  motionBlur: [[5], [x]],
  noThreshold: [[x]],
  noiseError: [[estimator, x, 20, { alphaBar, noise }]],
  noiseFromVelocity: [[x, x, 0.5]],
  noiseFromX0: [[x, x, 0.5]],
  noisePerImage: [[[1, 2], [3, 8, 8], []]],
  noiseRate: [[0.5]],
  noiseStream: [[1, [3, 8, 8], []]],
  permutation: [['name', 'gesture', (y: number, x: number) => [y, x], {}]],
  pinned: [
    [diffusion.greyscale, x, alphaBar, noise],
    [x, 20],
  ],
  placedView: [['name', [1, 0, 3, 2]]],
  predictX0: [[x, x, 0.5]],
  presetTimesteps: [['fast27', 1000]],
  proveView: [[views.flip, 8]],
  quantile: [[x.data, 0.5]],
  recolouring: [['name', 'gesture', matrix]],
  remembering: [[estimator], [x, 20]],
  resampled: [[diffusion.ddpm(), 2, () => (y: unknown) => y]],
  resultOf: [[diffusion.denoise(x, run)]],
  resumeDenoising: [[{ x, index: 0, past: [] }, run]],
  scaledKernel: [[64, 33, 2]],
  sdeDpmSolver2M: [[]],
  guidanceInterval: [[7, { from: 900, to: 100 }]],
  shares: [[0.5, 0.5]],
  spatial: [[mask]],
  splitFurther: [[[diffusion.greyscale, diffusion.colour], 0, [diffusion.greyscale]]],
  shuffledBlocks: [['name', 'gesture', 4, 0]],
  signalRate: [[0.5]],
  snr: [[0.5]],
  sourcesOf: [[views.flip, 8, 8]],
  spaced: [[10, 'leading', 0, 1000]],
  squarePermutation: [['name', 'gesture', (y: number, x: number) => [y, x]]],
  staticThreshold: [[1], [x]],
  strided: [[990, 0, 30]],
  stridedToZero: [[690, 100]],
  uniformTimesteps: [[10, 1000]],
  unipc: [[]],
  upscaleCondition: [[x, [16, 16], 50, alphaBar, noiseStream(1, [1, 3, 16, 16])]],
  viewNamed: [['flip + negate']],
  weightedViews: [
    [
      [1, identity, estimator],
      [2, views.flip, estimator],
    ],
    [x, 20],
  ],
  verdict: [[x, [{ prompt: '', seen: identity.apply }], async () => [1], { temperature: 1 }]],
};

/** Arguments that may be anything: names, purposes, what is handed on as it is. */
const free: Record<string, readonly number[]> = {
  permutation: [0, 1],
  placedView: [0],
  recolouring: [0, 1],
  shuffledBlocks: [0, 1],
  squarePermutation: [0, 1],
  diffusionClassifier: [1],
  verdict: [0],
  noThreshold: [0],
  isViewName: [0],
  full: [1],
};

const modules = { ...tensors, ...diffusion } as unknown as Record<string, (...args: unknown[]) => unknown>;
const functions = Object.keys(modules).filter((name) => typeof modules[name] === 'function');

test('the table has every public function', () => {
  expect(Object.keys(right).toSorted()).toEqual(functions.toSorted());
});

/** What a call comes to: walks are begun, promises awaited. */
async function comesTo(name: string, args: readonly unknown[], then?: readonly unknown[]): Promise<unknown> {
  const f = modules[name]!;
  const made = /^[A-Z]/.test(name) ? Reflect.construct(f, args) : f(...args);
  const value = then && typeof made === 'function' ? made(...then) : made;
  return typeof value?.next === 'function' ? await value.next() : await value;
}

const nonsense: readonly unknown[] = [
  Symbol('s'),
  10n,
  Number.NaN,
  'nonsense',
  null,
  undefined,
  -7.5,
  1e9,
  1e15,
  [],
  [Number.NaN],
  {},
  f,
];
const replaced = (args: readonly unknown[], i: number, value: unknown) => args.with(i, value);
const called = (value: unknown) =>
  typeof value === 'function'
    ? 'a function'
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);

describe.each(Object.entries(right))('%s', (name, [args, then]) => {
  test('takes what is right', async () => {
    if (name !== 'resultOf') await comesTo(name, args, then);
  });

  test('refuses nonsense with an error of our own, and NaN and texts in any case', async () => {
    const wrong: string[] = [];
    for (const [place, given] of [args, then ?? []].entries()) {
      for (const i of given.keys()) {
        if (free[name]?.includes(i)) continue;
        for (const value of nonsense) {
          const tried = place === 0 ? [replaced(args, i, value), then] : [args, replaced(given, i, value)];
          const what = `argument ${i + 1}${place === 0 ? '' : ' of what it gives'} = ${called(value)}`;
          const must = Number.isNaN(value) || value === 'nonsense';
          await comesTo(name, ...(tried as [unknown[], unknown[]])).then(
            () => must && wrong.push(`${what} is taken`),
            (error) => error instanceof CampanileError || wrong.push(`${what}: ${error}`),
          );
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

test.each([[[1e15]], [[2 ** 16, 2 ** 16]], [[1, 3, 2 ** 15, 2 ** 15]]])(
  'a tensor of the shape %j is refused before memory is asked for',
  (shape) => {
    for (const made of [tensors.zeros, tensors.sizeOf, (s: number[]) => tensors.full(s, 1)])
      expect(() => made(shape)).toThrow('expected one of at most 2147483647 values');
  },
);

test.each([1e9, 1e15])('a list of %d is refused with the longest that there may be', (count) => {
  for (const made of [
    () => tensors.repeat(x, count),
    () => tensors.gaussianKernel(count + 1, 2),
    () => tensors.bilinearAligned(x, 16, count),
    () => diffusion.alphasCumprod({ ...schedule, numTrainTimesteps: count } as never),
    () => diffusion.strided(count, 0, 1),
  ])
    expect(made).toThrow(/to 65535$/);
});
