// The network estimates the noise; the forward formula, solved for x₀, takes it away.
import { addNoise, noiseStream, openModels, predictX0, psnr, savePicture } from 'campanile';
import { pictureBook } from 'campanile/experiments';
import { output } from './common.ts';

const { base, close } = await openModels(); // the embedded checkpoint
const campanile = await pictureBook().picture('campanile', base.sampleSize);
const t = 500;
const noisy = addNoise(campanile, noiseStream(180, campanile.shape)('forward', t), base.alphaBar(t));

const { noise } = await base.estimator('a high quality photo')(noisy, t);
const x0 = predictX0(noisy, noise, base.alphaBar(t));

console.log(`noisy ${psnr(noisy, campanile).toFixed(1)} dB, denoised ${psnr(x0, campanile).toFixed(1)} dB`);
await savePicture(output('one-step.png'), x0);
await close();
