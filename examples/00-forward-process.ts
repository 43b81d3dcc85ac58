// A picture, noised: x_t = √ᾱ_t·x₀ + √(1−ᾱ_t)·ε.
import { addNoise, cosineAlphaBar, noiseStream, savePicture, snr } from 'campanile';
import { pictureBook } from 'campanile/experiments';
import { output } from './common.ts';

const campanile = await pictureBook().picture('campanile', 64); // [1, 3, 64, 64] in [-1, 1]
for (const t of [250, 500, 750]) {
  const noise = noiseStream(180, campanile.shape); // torch.manual_seed(180)
  const noisy = addNoise(campanile, noise('forward', t), cosineAlphaBar(t));
  await savePicture(output(`forward-t${t}.png`), noisy);
  console.log(`t = ${t}: SNR ${snr(cosineAlphaBar(t)).toPrecision(3)}`);
}
