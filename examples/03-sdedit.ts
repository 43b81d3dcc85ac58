// SDEdit: noise a picture as far as it may change, then denoise it under a prompt.
import {
  addNoise,
  ddpm,
  denoise,
  endingClean,
  guided,
  noiseStream,
  openModels,
  resultOf,
  savePicture,
  strided,
} from 'campanile';
import { pictureBook } from 'campanile/experiments';
import { output } from './common.ts';

const { base, close } = await openModels();
const drawing = await pictureBook().picture('drawing-house', base.sampleSize);
const estimator = guided(base.estimator('a cottage in a meadow'), base.estimator(''), 5);

const timesteps = endingClean(strided(990, 0, 30)).slice(7); // i_start = 7
const t = timesteps[0]!;
const noise = noiseStream(180, drawing.shape);
const start = addNoise(drawing, noise('forward', t), base.alphaBar(t));
const { alphaBar, threshold } = base;
const edited = await resultOf(
  denoise(start, { estimator, alphaBar, threshold, timesteps, sampler: ddpm(), noise }),
);
await savePicture(output('sdedit.png'), edited);
await close();
