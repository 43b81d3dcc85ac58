// From pure noise to a picture: guidance makes one estimator out of two, and `denoise` walks it down.
import { ddpm, denoise, endingClean, guided, noiseStream, openModels, savePicture, strided } from 'campanile';
import { output } from './common.ts';

const { base, close } = await openModels();
const noise = noiseStream(180, [1, 3, base.sampleSize, base.sampleSize]);
const estimator = guided(base.estimator('a rocket ship'), base.estimator(''), 7);
const timesteps = endingClean(strided(990, 0, 30));

const { alphaBar, threshold } = base;
const walk = denoise(noise('start', 990), {
  estimator,
  alphaBar,
  threshold,
  timesteps,
  sampler: ddpm(),
  noise,
});
let step = await walk.next();
while (!step.done) {
  process.stdout.write(`\rt = ${step.value.t}  `); // step.value.x0 is what the network sees by now
  step = await walk.next();
}
await savePicture(output('rocket.png'), step.value);
await close();
