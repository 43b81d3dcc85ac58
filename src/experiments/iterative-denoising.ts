import * as z from 'zod';
import { CLEAN } from '../diffusion/process.ts';
import { endingClean, stridedToZero } from '../diffusion/schedule.ts';
import { psnr } from '../tensor/psnr.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { defineExperiment, type Figure, figure, type RunEvent } from './experiment.ts';
import { stepping } from './formulas.ts';
import { bestBlur } from './gaussian-denoising.ts';
import { noised } from './noised.ts';
import { oneStep } from './one-step-denoising.ts';
import {
  branches,
  guidanceScale,
  iStartLevels,
  PHOTO,
  picture,
  prompt,
  sampler,
  seed,
  setting,
} from './params.ts';
import { estimatesOf, pushed, taughtWay, type Way, walk } from './walk.ts';

export default defineExperiment({
  id: 'iterative',
  title: 'Iterative denoising',
  text: 'The model does better when the noise is removed a little at a time. Going through all thousand levels would be slow, but levels may be skipped: with a stride of 30 every thirtieth is visited. Each step goes from level t to the lower level t′, and the picture is a blend of what the model sees in it, x̂₀, and what it was.',
  formula: [stepping],
  remark:
    'Beside the others, iterative denoising gives by far the most convincing picture, though not always the highest PSNR: it decides for details where the one-step estimate averages over them.',
  params: z.strictObject({
    picture: picture('campanile'),
    prompt: prompt(PHOTO),
    iStart: z.int().min(0).max(32).default(10).meta({
      kind: 'iStart',
      levels: iStartLevels,
      cli: 'i-start',
      description: 'steps skipped; 10 starts at t = 690',
    }),
    stride: z.int().min(5).max(330).default(30).meta({
      strides: true,
      description: 'how many levels a step goes down, the last of them maybe fewer; the document’s is 30',
    }),
    every: z
      .int()
      .min(1)
      .max(33)
      .default(5)
      .meta({ expert: true, description: 'show every n-th of the visited levels' }),
    guidanceScale: guidanceScale(1),
    sampler,
    setting,
    seed,
  }),
  positional: ['picture'],
  lead: ['iStart', 'stride'],
  example: 'campanile iterative photo.png --i-start 10 --stride 60',
  parts: ({ picture, prompt, iStart, stride, every, guidanceScale, seed, ...taught }, { base }) => {
    const levels = (): Way => {
      const way = taughtWay(base, taught);
      const levels = stridedToZero(iStartLevels[iStart]!, stride);
      return { ...way, timesteps: way.timesteps.at(-1) === CLEAN ? endingClean(levels) : levels };
    };
    const calls = estimatesOf(levels()) * branches(guidanceScale);
    return [
      {
        key: 'walk',
        inputs: {
          ...{ picture, prompt, iStart, every, guidanceScale, seed, ...taught },
          ...(stride !== 30 && { stride }), // what was made when there was no other is still the same
        },
        pictures: [picture],
        calls: { base: calls + 1 },
        async *run(context) {
          const way = levels();
          const t = way.timesteps[0]!;
          const { original, noisy, noise } = await noised(context, picture, t, seed);
          const now = context.clock ?? (() => performance.now());
          const started = now();
          const frames: Figure[] = [];
          const iterative = yield* tapped(
            walk(context, { stage: 'base', label: 'iterative denoising', calls }, noisy, {
              ...way,
              estimator: pushed(base.estimator, guidanceScale)(prompt),
              noise,
            }),
            ({ index, step: { t, x } }) => {
              const place = { id: `frame-t${t}`, row: 'On the way', column: `t = ${t}` };
              if (index % every === 0) frames.unshift({ ...place, image: x, t, seed, seconds: 0 });
            },
          );
          const seconds = (now() - started) / 1000;
          for (const frame of frames) yield figure(frame);
          const row = `From t = ${t}`;
          yield figure({ id: 'original', row, column: 'Original', image: original });
          const beside = (id: string, column: string, image: Tensor, seconds?: number): RunEvent =>
            figure({ id, row, column, image, t, seed, psnr: psnr(image, original), seconds });
          yield beside('iterative', 'Iteratively denoised', iterative, seconds);
          yield beside('one-step', 'One-step denoised', await oneStep(base, prompt, noisy, t));
          yield beside('blurred', 'Gaussian-blurred', bestBlur(noisy, original).image);
        },
      },
    ];
  },
});

/** The events of a run, its steps also shown to `see`. */
async function* tapped<T>(
  run: AsyncGenerator<RunEvent, T>,
  see: (step: RunEvent & { type: 'step' }) => void,
): AsyncGenerator<RunEvent, T> {
  for (;;) {
    const { done, value } = await run.next();
    if (done) return value;
    if (value.type === 'step') see(value);
    yield value;
  }
}
