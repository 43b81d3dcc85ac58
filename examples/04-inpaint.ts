// Inpainting: after every step the picture is put back outside the mask, noised to the level x has arrived at.
import {
  ddpm,
  denoise,
  endingClean,
  guided,
  keepOutside,
  noiseStream,
  openModels,
  resultOf,
  savePicture,
  strided,
} from 'campanile';
import { pictureBook } from 'campanile/experiments';
import { output } from './common.ts';

const { base, close } = await openModels();
const { alphaBar, threshold, sampleSize } = base;
const book = pictureBook();
const campanile = await book.picture('campanile', sampleSize);
const mask = await book.mask('campanile-top', sampleSize); // 1 where the picture may change

const noise = noiseStream(180, campanile.shape);
const estimator = guided(base.estimator('a lighthouse'), base.estimator(''), 7);
const project = keepOutside(mask, campanile, alphaBar, noise);
const timesteps = endingClean(strided(990, 0, 30));
const result = await resultOf(
  denoise(noise('start', 990), {
    estimator,
    alphaBar,
    threshold,
    timesteps,
    sampler: ddpm(),
    noise,
    project,
  }),
);
await savePicture(output('inpainted.png'), result);
await close();
