import * as z from 'zod';
import { gaussianBlur } from '../tensor/blur.ts';
import { psnr } from '../tensor/psnr.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { defineExperiment } from './experiment.ts';
import { denoisedColumn } from './noised.ts';
import { picture, seed, timestepList } from './params.ts';

const SIGMAS = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6];

/** A kernel that holds three standard deviations on either side. */
const kernelFor = (sigma: number, size: number): number =>
  Math.min(2 * Math.ceil(3 * sigma) + 1, 2 * size - 1);

/** The blur that comes closest to the original, among kernels of growing width. */
export function bestBlur(
  noisy: Tensor,
  original: Tensor,
): { image: Tensor; sigma: number; kernelSize: number; psnr: number } {
  return SIGMAS.map((sigma) => {
    const kernelSize = kernelFor(sigma, Math.min(...noisy.shape.slice(-2)));
    const image = gaussianBlur(noisy, kernelSize, sigma);
    return { image, sigma, kernelSize, psnr: psnr(image, original) };
  }).reduce((best, candidate) => (candidate.psnr > best.psnr ? candidate : best));
}

export default defineExperiment({
  id: 'blur',
  title: 'Classical denoising',
  text: 'A Gaussian filter removes the high frequencies of a picture, and noise has more of these than the picture has. For each noise level, the kernel shown is the one that comes closest to the original.',
  remark:
    'Not ideal, above all at the higher levels: with the noise, the filter takes away the detail of the picture.',
  params: z.strictObject({ picture: picture('campanile'), timesteps: timestepList(250, 500, 750), seed }),
  positional: ['picture'],
  example: 'campanile blur photo.png --t 500',
  parts: ({ picture, timesteps, seed }) =>
    timesteps.map((t) =>
      denoisedColumn({
        inputs: { picture, t, seed },
        calls: 0,
        figure: { id: 'blurred', row: 'Gaussian blur' },
        async denoise({ noisy, original }) {
          const { image, kernelSize, sigma } = bestBlur(noisy, original);
          return { image, caption: `kernel ${kernelSize}, σ = ${sigma}` };
        },
      }),
    ),
});
