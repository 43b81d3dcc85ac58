// precision.mjs' child: steps, and a picture, in one form such as webgpu:half or cpu:full:low. Usage: form.mjs FORM FOLDER SIZE PROMPT OUT
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeSafetensors } from '../dist/checkpoint/safetensors.js';
import {
  ddpm,
  denoise,
  endingClean,
  guided,
  noiseStream,
  resultOf,
  spaced,
} from '../dist/diffusion/index.js';
import { openModel } from '../dist/models/open.js';
import { openUnet } from '../dist/models/unet.js';
import { TorchGenerator } from '../dist/tensor/random.js';
import { timed } from './child.mjs';

const [form, folder, side, prompt, out] = process.argv.slice(2);
const [device, precision, memory = 'fast'] = form.split(':');
const options = { device, precision, memory };
const whole = existsSync(join(folder, 'model_index.json'));
const results = [];

const unet = await openUnet(whole ? join(folder, 'unet') : folder, options);
const { sampleSize, inChannels, textDim } = unet.config;
const size = Number(side) || sampleSize;
const generator = new TorchGenerator(180);
const random = (...shape) => ({ data: generator.randn(shape.reduce((a, b) => a * b)), shape });
const sample = random(1, inChannels, size, size);
const text = await unet.text(random(1, 77, textDim));
let time;
for (const t of [990, 500, 20]) {
  time = await timed(async () => {
    results.push([`t ${t}`, await unet.step(sample, t, text, { labels: 250 })]);
  });
}
await unet.close();
const peakBytes = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;

if (whole) {
  const model = await openModel(folder, options);
  const timesteps = endingClean(spaced(20));
  const noise = noiseStream(180, [3, model.sampleSize, model.sampleSize]);
  const estimator = guided(model.estimator(prompt), model.estimator(''), 7);
  const { alphaBar, threshold } = model;
  const run = { estimator, alphaBar, threshold, timesteps, sampler: ddpm(), noise };
  results.push(['picture', await resultOf(denoise(noise('start', timesteps[0]), run))]);
  await model.close();
}
const bytes = ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength);
await writeSafetensors(
  out,
  results.map(([name, { data, shape }]) => [name, { dtype: 'F32', shape, bytes: bytes(data) }]),
);
console.log(JSON.stringify({ ...time, peakBytes }));
