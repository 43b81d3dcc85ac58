import * as z from 'zod';
import { gaussianBlur } from '../tensor/blur.ts';
import { psnr } from '../tensor/psnr.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { defineExperiment } from './experiment.ts';
import { blurring } from './formulas.ts';
import { denoisedColumn } from './noised.ts';
import { picture, seed, timestepList } from './params.ts';

const SIGMAS = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6];

/** A kernel that holds three standard deviations on either side. */
const kernelFor = (sigma: number, size: number): number =>
  Math.min(2 * Math.ceil(3 * sigma) + 1, 2 * size - 1);

/** Blurs by kernels of growing width. */
export const blursOf = (noisy: Tensor, original: Tensor): Blurred[] =>
  SIGMAS.map((sigma) => blurred(noisy, original, sigma));

/** The one that came closest to the original. */
export const closest = (blurs: readonly Blurred[]): Blurred =>
  blurs.reduce((best, candidate) => (candidate.psnr > best.psnr ? candidate : best));

/** The one of `blursOf` that comes closest to the original. */
export const bestBlur = (noisy: Tensor, original: Tensor): Blurred => closest(blursOf(noisy, original));

const kernel = ({ kernelSize, sigma }: Blurred): string => `kernel ${kernelSize}, σ = ${sigma}`;

export interface Blurred {
  readonly image: Tensor;
  readonly sigma: number;
  readonly kernelSize: number;
  readonly psnr: number;
}

function blurred(noisy: Tensor, original: Tensor, sigma: number): Blurred {
  const kernelSize = kernelFor(sigma, Math.min(...noisy.shape.slice(-2)));
  const image = gaussianBlur(noisy, kernelSize, sigma);
  return { image, sigma, kernelSize, psnr: psnr(image, original) };
}

export default defineExperiment({
  id: 'blur',
  title: 'Classical denoising',
  text: 'A Gaussian filter removes the high frequencies of a picture, and noise has more of these than the picture has. Unless a σ is given, the kernel shown for a noise level is the one that comes closest to the original.',
  remark:
    'Not ideal, above all at the higher levels: with the noise, the filter takes away the detail of the picture.',
  params: z.strictObject({
    picture: picture('campanile'),
    timesteps: timestepList(250, 500, 750),
    sigma: z
      .number()
      .min(0)
      .max(10)
      .default(0)
      .describe(
        'σ of the blur in pixels; 0 takes, for each level, the one that comes closest to the original',
      ),
    seed,
  }),
  positional: ['picture'],
  lead: ['timesteps', 'sigma'],
  applies: [blurring],
  example: 'campanile blur photo.png --t 500',
  parts: ({ picture, timesteps, sigma, seed }) =>
    timesteps.map((t) =>
      denoisedColumn({
        inputs: { picture, t, seed, ...(sigma > 0 && { sigma }) },
        calls: 0,
        figure: { id: 'blurred', row: 'Gaussian blur' },
        async denoise({ noisy, original }) {
          const best = bestBlur(noisy, original);
          if (sigma === 0) return { image: best.image, caption: kernel(best) };
          const own = blurred(noisy, original, sigma);
          const better = `the best of those tried: σ = ${best.sigma}, ${best.psnr.toFixed(1)} dB`;
          return { image: own.image, caption: `${kernel(own)}; ${better}` };
        },
      }),
    ),
});
