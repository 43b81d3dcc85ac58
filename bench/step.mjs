// campanile's side of a step: one UNet call for each line read, timed. Usage: step.mjs FOLDER THREADS [DEVICE] [PRECISION] [BATCH]

import { openUnet } from '../dist/models/unet.js';
import { TorchGenerator } from '../dist/tensor/random.js';
import { answerLines, timed } from './child.mjs';

const [folder, threads, device = 'cpu', precision, batch = '1'] = process.argv.slice(2);
const unet = await openUnet(folder, { threads: Number(threads), device, precision });
const { sampleSize: size, inChannels, textDim } = unet.config;
const generator = new TorchGenerator(180);
const random = (...shape) => ({ data: generator.randn(shape.reduce((a, b) => a * b)), shape });
const sample = random(Number(batch), inChannels, size, size);
// As in diffusers the text is the same for all steps; here that is known, and it is computed once.
const text = await unet.text(random(1, 77, textDim));
const step = () => unet.step(sample, 500, text);

const out = await step();
await answerLines({ out: [...out.data.subarray(0, 64)] }, () => timed(step));
await unet.close();
