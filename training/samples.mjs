// Draws the checkpoint's own pictures of what it knows, for those who learn to judge them: node training/samples.mjs OUT [--each 8] [--steps 8]
// OUT gets pictures.npy [N, 3, 64, 64] and labels.npy [N], the place of the subject in subjects.json. Needs the build.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { denoise, resultOf } from '../dist/diffusion/denoise.js';
import { quick } from '../dist/experiments/params.js';
import { noiseOf, pushed, spacedWay } from '../dist/experiments/walk.js';
import { EMBEDDED } from '../dist/models/embedded.js';
import { openModel } from '../dist/models/open.js';
import { npy, picturesNpy } from './npy.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    each: { type: 'string', default: '8' },
    steps: { type: 'string', default: '8' },
    threads: { type: 'string', default: '1' },
  },
});
const [out] = positionals;
const base = await openModel(EMBEDDED, { threads: Number(values.threads) });
const pictures = [];
const labels = [];
const styles = ['{}', '{}', 'an oil painting of {}', 'a photo of {}'];
for (let k = 0; k < Number(values.each); k++)
  for (const [label, { prompt }] of base.subjects.entries()) {
    const plain = prompt.replace(/^an? (oil painting|photo|lithograph) of /, '');
    const text = k % 2 ? styles[k % styles.length].replace('{}', plain) : prompt;
    const seed = 900_000 + 100 * label + k;
    const noise = noiseOf(base, seed);
    const way = spacedWay(base, Number(values.steps), quick);
    const estimator = pushed(base.estimator, [7, 5, 9, 4][k % 4])(text);
    const picture = await resultOf(denoise(noise('start', way.timesteps[0]), { ...way, estimator, noise }));
    pictures.push(picture);
    labels.push(BigInt(label));
    if (pictures.length % 58 === 0) save();
  }
save();

function save() {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'pictures.npy'), picturesNpy(pictures, base.sampleSize));
  writeFileSync(join(out, 'labels.npy'), npy(BigInt64Array.from(labels), '<i8', [labels.length]));
  console.log(`${pictures.length} pictures`);
}
await base.close();
