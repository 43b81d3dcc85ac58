import { z } from 'zod';
import { noisePerImage } from '../diffusion/noise.ts';
import { addNoise, predictX0 } from '../diffusion/process.ts';
import { psnr } from '../tensor/psnr.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { defineExperiment, type Figure } from './experiment.ts';
import { bestBlur } from './gaussian-denoising.ts';
import {
  branches,
  guidanceScale,
  PHOTO,
  picture,
  prompt,
  sampler,
  samplerNamed,
  seed,
  setting,
  settings,
} from './params.ts';
import { prompted, walk } from './walk.ts';

export default defineExperiment({
  id: 'iterative',
  title: 'Iterative denoising',
  text: 'The model does better when the noise is removed a little at a time. Going through all thousand levels would be slow, but levels may be skipped: here every thirtieth is visited. Each step goes from level t to the lower level t′, and the picture is a blend of what the model sees in it, x̂₀, and what it was.',
  formula: [
    {
      tex: "x_{t'} = \\frac{\\sqrt{\\bar{\\alpha}_{t'}} \\beta_t}{1 - \\bar{\\alpha}_t} \\hat{x}_0 + \\frac{\\sqrt{\\alpha_t} (1 - \\bar{\\alpha}_{t'})}{1 - \\bar{\\alpha}_t} x_t + v_\\sigma",
      plain:
        'x at the next level is a weighted sum of the estimated clean picture and x at this level, plus a little new noise',
    },
  ],
  remark:
    'Beside the others, iterative denoising gives by far the most convincing picture, though not always the highest PSNR: it decides for details where the one-step estimate averages over them.',
  params: z.strictObject({
    picture: picture('campanile'),
    prompt: prompt(PHOTO),
    iStart: z
      .int()
      .min(0)
      .max(32)
      .default(10)
      .meta({ cli: 'i-start', description: 'steps skipped; 10 starts at t = 690' }),
    every: z.int().min(1).max(33).default(5).describe('show every n-th of the visited levels'),
    guidanceScale: guidanceScale(1),
    sampler,
    setting,
    seed,
  }),
  positional: ['picture'],
  example: 'campanile iterative photo.png --i-start 10',
  parts: ({ picture, prompt, iStart, every, guidanceScale, sampler, setting, seed }, { base }) => {
    const timesteps = settings[setting].timesteps().slice(iStart);
    const levels = timesteps.length - 1;
    return [
      {
        key: 'walk',
        inputs: { picture, prompt, iStart, every, guidanceScale, sampler, setting, seed },
        pictures: [picture],
        calls: { base: levels * branches(guidanceScale) + 1 },
        async *run(context) {
          const original = await context.picture(picture, base.sampleSize);
          const noise = noisePerImage([seed], [3, base.sampleSize, base.sampleSize]);
          const t = timesteps[0]!;
          const noisy = addNoise(original, noise('forward', t), base.alphaBar(t));
          const estimator = prompted(base.estimator, prompt, guidanceScale);
          const frames: Figure[] = [];
          const options = {
            estimator,
            alphaBar: base.alphaBar,
            threshold: settings[setting].threshold(base),
            sampler: samplerNamed(sampler),
            timesteps,
            noise,
            signal: context.signal,
          };
          const steps = walk('iterative denoising', noisy, options);
          let iterative: Tensor;
          for (;;) {
            const next = await steps.next();
            if (next.done) {
              iterative = next.value;
              break;
            }
            yield next.value;
            if (next.value.type === 'step' && next.value.index % every === 0) {
              const { t, x } = next.value.step;
              frames.unshift({ id: `frame-t${t}`, row: 'On the way', column: `t = ${t}`, image: x, t, seed });
            }
          }
          for (const figure of frames) yield { type: 'figure', figure };
          const { noise: seen } = await base.estimator(prompt)(noisy, t);
          const oneStep = predictX0(noisy, seen, base.alphaBar(t));
          const blurred = bestBlur(noisy, original);
          const row = `From t = ${t}`;
          yield { type: 'figure', figure: { id: 'original', row, column: 'Original', image: original } };
          yield {
            type: 'figure',
            figure: {
              id: 'iterative',
              row,
              column: 'Iteratively denoised',
              image: iterative,
              t,
              seed,
              psnr: psnr(iterative, original),
            },
          };
          yield {
            type: 'figure',
            figure: {
              id: 'one-step',
              row,
              column: 'One-step denoised',
              image: oneStep,
              t,
              seed,
              psnr: psnr(oneStep, original),
            },
          };
          yield {
            type: 'figure',
            figure: {
              id: 'blurred',
              row,
              column: 'Gaussian-blurred',
              image: blurred.image,
              t,
              seed,
              psnr: blurred.psnr,
            },
          };
        },
      },
    ];
  },
});
