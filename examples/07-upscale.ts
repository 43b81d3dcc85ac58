// The cascade: stage I draws at 64 × 64, stage II enlarges under the same prompt to 256 × 256.
import {
  ddpm,
  denoise,
  endingClean,
  guided,
  type NoiseSource,
  noiseStream,
  openModels,
  resultOf,
  savePicture,
  spaced,
} from 'campanile';
import { output } from './common.ts';

const { base, upscaler, close } = await openModels();
if (!upscaler) throw new Error('this checkpoint has no stage II');
const prompt = 'an oil painting of a snowy mountain village';
const timesteps = endingClean(spaced(20));
const noise = noiseStream(180, [1, 3, base.sampleSize, base.sampleSize]);
const small = await resultOf(
  denoise(noise('start', timesteps[0]!), {
    ...{ estimator: guided(base.estimator(prompt), base.estimator(''), 7), alphaBar: base.alphaBar },
    ...{ threshold: base.threshold, timesteps, sampler: ddpm(), noise },
  }),
);

const size = upscaler.sampleSize;
const larger: NoiseSource = (purpose, t, shape = [3, size, size]) => noise(`stage II ${purpose}`, t, shape);
const start = larger('start', timesteps[0]!);
const stage = upscaler.conditioned(small, 20, larger); // noise level 20
const picture = await resultOf(
  denoise(start, {
    ...{ estimator: stage(prompt), alphaBar: upscaler.alphaBar },
    ...{ threshold: upscaler.threshold, timesteps, sampler: ddpm(), noise: larger },
  }),
);
await savePicture(output('village.png'), picture);
await close();
