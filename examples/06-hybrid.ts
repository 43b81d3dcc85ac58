// Hybrid image: low frequencies from one prompt, high frequencies from another.
import {
  ddpm,
  denoise,
  endingClean,
  factorized,
  guided,
  highPass,
  lowPass,
  noiseStream,
  openModels,
  resultOf,
  savePicture,
  strided,
} from 'campanile';
import { output } from './common.ts';

const { base, close } = await openModels();
const prompted = (prompt: string) => guided(base.estimator(prompt), base.estimator(''), 7);
const estimator = factorized(
  [lowPass(33, 2), prompted('a lithograph of a skull')], // from afar
  [highPass(33, 2), prompted('a lithograph of waterfalls')], // from near
);

const noise = noiseStream(180, [1, 3, base.sampleSize, base.sampleSize]);
const { alphaBar, threshold } = base;
const timesteps = endingClean(strided(990, 0, 30));
const picture = await resultOf(
  denoise(noise('start', 990), { estimator, alphaBar, threshold, timesteps, sampler: ddpm(), noise }),
);
await savePicture(output('hybrid.png'), picture);
await savePicture(output('from-afar.png'), lowPass(33, 2)(picture));
await close();
