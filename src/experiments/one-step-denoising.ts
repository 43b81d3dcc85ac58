import { z } from 'zod';
import { noisePerImage } from '../diffusion/noise.ts';
import { addNoise, predictX0 } from '../diffusion/process.ts';
import { psnr } from '../tensor/psnr.ts';
import { defineExperiment } from './experiment.ts';
import { PHOTO, picture, prompt, seed, timestepList } from './params.ts';

export default defineExperiment({
  id: 'one-step',
  title: 'One-step denoising',
  text: 'Now the pretrained model. It is told the level t and a prompt — here the “empty” one, a high quality photo — and estimates the noise in the picture. The forward formula, solved for the clean picture, then takes that noise away in one step.',
  formula: [
    {
      tex: '\\hat{x}_0 = \\frac{x_t - \\sqrt{1 - \\bar{\\alpha}_t} \\epsilon}{\\sqrt{\\bar{\\alpha}_t}}',
      plain:
        'the estimated picture is x at level t, less the root of one minus alpha-bar t times the noise, over the root of alpha-bar t',
    },
  ],
  remark:
    'Far better than the blur. At high levels the model has to invent what it cannot see, and a single step gives the average of all it might invent.',
  params: z.strictObject({
    picture: picture('campanile'),
    prompt: prompt(PHOTO),
    timesteps: timestepList(250, 500, 750),
    seed,
  }),
  positional: ['picture'],
  example: 'campanile one-step photo.png --t 500',
  parts: ({ picture, prompt, timesteps, seed }, { base }) =>
    timesteps.map((t) => ({
      key: `t = ${t}`,
      inputs: { picture, prompt, t, seed },
      pictures: [picture],
      calls: { base: 1 },
      async *run(context) {
        const original = await context.picture(picture, base.sampleSize);
        const noise = noisePerImage([seed], [3, base.sampleSize, base.sampleSize]);
        const noisy = addNoise(original, noise('forward', t), base.alphaBar(t));
        const estimate = await base.estimator(prompt)(noisy, t);
        const image = predictX0(noisy, estimate.noise, base.alphaBar(t));
        yield {
          type: 'figure',
          figure: {
            id: `noisy-t${t}`,
            row: 'Noisy',
            column: `t = ${t}`,
            image: noisy,
            t,
            seed,
            psnr: psnr(noisy, original),
          },
        };
        yield {
          type: 'figure',
          figure: {
            id: `denoised-t${t}`,
            row: 'One-step denoised',
            column: `t = ${t}`,
            image,
            t,
            seed,
            psnr: psnr(image, original),
          },
        };
      },
    })),
});
