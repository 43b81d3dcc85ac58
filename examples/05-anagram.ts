// Visual anagram: the noise is the mean of two estimates, one of them seen upside down.
import {
  averageViews,
  ddpm,
  denoise,
  endingClean,
  guided,
  identity,
  noiseStream,
  openModels,
  resultOf,
  savePicture,
  strided,
  views,
} from 'campanile';
import { output } from './common.ts';

const { base, close } = await openModels();
const prompted = (prompt: string) => guided(base.estimator(prompt), base.estimator(''), 7);
const estimator = averageViews(
  [identity, prompted('an oil painting of people around a campfire')],
  [views.flip, prompted('an oil painting of an old man')],
);

const noise = noiseStream(180, [1, 3, base.sampleSize, base.sampleSize]);
const { alphaBar, threshold } = base;
const timesteps = endingClean(strided(990, 0, 30));
const picture = await resultOf(
  denoise(noise('start', 990), { estimator, alphaBar, threshold, timesteps, sampler: ddpm(), noise }),
);
await savePicture(output('campfire.png'), picture);
await savePicture(output('old-man.png'), views.flip.apply(picture));
await close();
