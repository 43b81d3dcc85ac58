// The drawn subjects by several samplers, in turns, from the same noise: seconds, and pictures for a classifier to name. See README.md.
//   node bench/samplers.mjs OUT [--seeds 4] [--threads 2] && python training/evaluate.py … --only made --made OUT
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { denoise, resultOf } from '../dist/diffusion/denoise.js';
import { quick, saving } from '../dist/experiments/params.js';
import { estimatesOf, noiseOf, pushed, spacedWay } from '../dist/experiments/walk.js';
import { psnr } from '../dist/index.js';
import { EMBEDDED } from '../dist/models/embedded.js';
import { openModel } from '../dist/models/open.js';
import { picturesNpy } from '../training/npy.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '4' },
    threads: { type: 'string', default: String(availableParallelism()) },
    guidance: { type: 'string', default: '7' },
    /** Which of them, "ddpm-40,dpmpp-2m-10"; these two are always there. */
    ways: { type: 'string', default: '' },
    checkpoint: { type: 'string', default: EMBEDDED },
  },
});
const out = positionals[0];
if (!out) throw new Error('node bench/samplers.mjs OUT: a folder for the pictures');
const everywhere = { guidanceFrom: 999, guidanceTo: 0, fast: false };
const all = {
  'ddpm-40': { steps: 40, sampler: 'ddpm', preset: 'even', ...everywhere },
  'dpmpp-2m-10': { ...quick, ...everywhere },
  'dpmpp-2m-10-fast': { ...quick, ...everywhere, fast: true },
  'unipc-10': { ...quick, sampler: 'unipc', ...everywhere },
  'dpmpp-2m-12-to-350': { ...quick, steps: 12, ...everywhere, guidanceTo: 350 },
  'unipc-12-to-350': { ...quick, steps: 12, sampler: 'unipc', ...everywhere, guidanceTo: 350 },
  'ddim-10': { ...quick, sampler: 'ddim', ...everywhere },
};
const asked = values.ways ? ['ddpm-40', 'dpmpp-2m-10', ...values.ways.split(',')] : Object.keys(all);
const ways = Object.fromEntries(Object.entries(all).filter(([name]) => asked.includes(name)));
const base = await openModel(values.checkpoint, { threads: Number(values.threads) });
const subjects = base.subjects.filter(({ kind }) => kind === 'drawn');
const made = Object.fromEntries(Object.keys(ways).map((name) => [name, { pictures: [], seconds: [] }]));
const names = [];

async function draw({ steps: most, ...way }, prompt, seed) {
  const { steps, interval } = saving(most, way);
  const noise = noiseOf(base, seed);
  const taken = spacedWay(base, steps, way);
  const estimator = pushed(base.estimator, Number(values.guidance), interval)(prompt);
  return resultOf(denoise(noise('start', taken.timesteps[0]), { ...taken, estimator, noise }));
}

await draw(ways['dpmpp-2m-10'], subjects[0].prompt, 1);
for (let seed = 180; seed < 180 + Number(values.seeds); seed++)
  for (const { name, prompt } of subjects) {
    names.push(name);
    for (const [called, way] of Object.entries(ways)) {
      const began = performance.now();
      made[called].pictures.push(await draw(way, prompt, seed));
      made[called].seconds.push((performance.now() - began) / 1000);
    }
  }
mkdirSync(out, { recursive: true });
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const [slowest, usual] = [made['ddpm-40'], made['dpmpp-2m-10']];
for (const [called, { pictures, seconds }] of Object.entries(made)) {
  writeFileSync(join(out, `${called}.npy`), picturesNpy(pictures, base.sampleSize));
  const like = pictures.map((picture, i) => psnr(picture, usual.pictures[i])).filter(Number.isFinite);
  const beside = like.length
    ? `${(like.reduce((a, b) => a + b) / like.length).toFixed(1)} dB from ten steps`
    : '';
  const steps = estimatesOf(spacedWay(base, saving(ways[called].steps, ways[called]).steps, ways[called]));
  console.log(
    `${called.padEnd(18)} ${steps} estimates of each prompt, ${median(seconds).toFixed(2)} s a picture, ${(median(seconds) / median(slowest.seconds)).toFixed(2)} of ddpm-40, ${(median(seconds) / median(usual.seconds)).toFixed(2)} of dpmpp-2m-10  ${beside}`,
  );
}
writeFileSync(join(out, 'names.json'), JSON.stringify(names));
await base.close();
