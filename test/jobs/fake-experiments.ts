import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { closedBy } from '../../src/closable.ts';
import type { NoiseEstimator } from '../../src/diffusion/estimator.ts';
import { defineExperiment, type Experiment, type RunEvent } from '../../src/experiments/experiment.ts';
import { guidanceScale, masks, picture, pictures, prompts, seed } from '../../src/experiments/params.ts';
import type { Models, PixelModel } from '../../src/models/model.ts';
import { sha256Sync } from '../../src/platform/node/hash.ts';
import { blend, full, type Tensor } from '../../src/tensor/tensor.ts';
import { gaussianModel } from '../gaussian-model.ts';

/** Experiments that take as long as they are told and make plain colours: equal recipes, equal bytes. */

const SIZE = 16;
const alphaBar = (t: number) => (t < 0 ? 1 : 1 - (t + 1) / 1001);
const estimator: NoiseEstimator = async (x) => ({ noise: x });

export const fakeModels: Models = {
  base: {
    name: 'fake',
    fingerprint: 'f'.repeat(64),
    parameters: 1,
    sampleSize: SIZE,
    numTrainTimesteps: 1000,
    alphaBar,
    threshold: (x) => x,
    estimator: () => estimator,
    tokens: gaussianModel.tokens,
    ...closedBy(async () => {}),
  } satisfies PixelModel,
};

/** One colour for one text. */
function colour(text: string): Tensor {
  const digest = Buffer.from(sha256Sync(text), 'hex');
  const plane = SIZE * SIZE;
  const data = Float32Array.from({ length: 3 * plane }, (_, i) => digest[Math.floor(i / plane)]! / 127.5 - 1);
  return { data, shape: [1, 3, SIZE, SIZE] };
}

const timing = {
  ms: z.number().min(0).max(600_000).default(1).describe('milliseconds a step takes'),
  steps: z.int().min(1).max(10_000).default(3).meta({ cli: 'steps', description: 'steps' }),
};

const strength = z.number().gt(0).max(1).default(0.7).describe('how much changes');

async function* walk(label: string, count: number, ms: number, x0: Tensor): AsyncGenerator<RunEvent> {
  for (let index = 0; index < count; index++) {
    if (ms > 0) await sleep(ms);
    const t = 990 - 30 * Math.min(index, 32);
    const tNext = index === count - 1 ? -1 : Math.max(t - 30, 0);
    const x = full(x0.shape, 1 - index / count);
    yield {
      type: 'step',
      stage: 'base',
      label,
      index,
      count,
      calls: count,
      step: { index, t, tNext, x, x0, estimate: { noise: x }, past: [] },
    };
  }
}

const drawing = defineExperiment({
  id: 'fake-drawing',
  title: 'A colour for a text',
  text: 'One.\n\nTwo.',
  formula: [{ tex: 'x', plain: 'x' }],
  remark: 'None.',
  params: z.strictObject({
    prompts: prompts('a rocket ship'),
    guidanceScale: guidanceScale(7),
    seed,
    ...timing,
  }),
  example: 'campanile fake-drawing',
  serves: 'text-to-image',
  parts: ({ prompts, ms, steps, ...inputs }) =>
    prompts.map((prompt) => ({
      key: prompt,
      inputs: { prompt, steps, ...inputs },
      calls: { base: steps },
      async *run() {
        const image = colour(`${prompt} ${inputs.seed} ${inputs.guidanceScale}`);
        yield* walk(prompt, steps, ms, image);
        const place = { row: '', column: prompt, caption: prompt, seed: inputs.seed };
        yield { type: 'figure', figure: { id: prompt, image, ...place } };
      },
    })),
});

const editing = defineExperiment({
  id: 'fake-editing',
  title: 'A picture with a colour over it',
  text: 'Text.',
  params: z.strictObject({
    picture: picture('campanile'),
    prompts: prompts('a'),
    strength,
    seed,
    ...timing,
  }),
  example: 'campanile fake-editing',
  serves: 'image-to-image',
  parts: ({ picture, prompts, strength, ms, steps, seed }) => [
    {
      key: 'edit',
      inputs: { prompts, strength, seed, steps },
      pictures: [picture],
      calls: { base: steps },
      async *run(context) {
        const original = await context.picture(picture, SIZE);
        const all = full([1, 1, SIZE, SIZE], strength);
        const image = blend(all, colour(`${prompts[0]} ${seed}`), original);
        yield* walk(picture, steps, ms, image);
        yield { type: 'figure', figure: { id: 'edit', row: '', column: 'Result', image, seed } };
      },
    },
  ],
});

const painting = defineExperiment({
  id: 'fake-painting',
  title: 'A colour in a mask',
  text: 'Text.',
  params: z.strictObject({
    pictures: pictures('campanile'),
    masks: masks('campanile-top'),
    prompts: prompts('a'),
    strength: strength.default(1),
    seed,
    ...timing,
  }),
  example: 'campanile fake-painting',
  serves: 'inpainting',
  parts: ({ pictures, masks, prompts, strength, ms, steps, seed }) =>
    pictures.map((picture, i) => ({
      key: picture,
      inputs: { prompts, strength, seed, steps },
      pictures: [picture, masks[i]!],
      calls: { base: steps },
      async *run(context) {
        const original = await context.picture(picture, SIZE);
        const mask = await context.mask(masks[i]!, SIZE, picture);
        const changed = blend(full(mask.shape, strength), colour(`${prompts[0]} ${seed}`), original);
        const image = blend(mask, changed, original);
        yield* walk(picture, steps, ms, image);
        yield {
          type: 'figure',
          figure: { id: `${i}-original`, row: '', column: 'Original', image: original },
        };
        yield { type: 'figure', figure: { id: `${i}`, row: '', column: 'Result', image, seed } };
      },
    })),
});

const failing = defineExperiment({
  id: 'fake-failing',
  title: 'What can go wrong',
  text: 'Text.',
  params: z.strictObject({
    how: z.enum(['throws', 'dies', 'blocks', 'dies-once']).default('throws').describe('how'),
    flag: z.string().max(4096).default('').describe('a file that tells a second run from the first'),
    ms: z.int().default(0).describe('milliseconds it blocks'),
  }),
  example: 'campanile fake-failing',
  parts: ({ how, flag, ms }) => [
    {
      key: how,
      inputs: { how, flag, ms },
      calls: { base: 1 },
      async *run() {
        yield { type: 'warning', message: `it ${how}` };
        await sleep(20); // the message is on its way
        if (how === 'throws') throw Object.assign(new Error('it broke'), { code: 'broken', hint: 'mend it' });
        if (how === 'blocks') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
        else {
          const { existsSync, writeFileSync } = await import('node:fs');
          if (how === 'dies' || !existsSync(flag)) {
            if (flag) writeFileSync(flag, '');
            process.kill(process.pid, 'SIGKILL');
            await sleep(60_000);
          }
        }
        yield { type: 'figure', figure: { id: how, row: '', column: how, image: colour(how) } };
      },
    },
  ],
});

export const fakeExperiments: readonly Experiment[] = [drawing, editing, painting, failing];
