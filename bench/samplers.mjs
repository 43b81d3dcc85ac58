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
    /** sampler-steps, with -PRESET its steps taken elsewhere, with -to-LEVEL guided no further down, with -fast as --fast makes it */
    ways: {
      type: 'string',
      default:
        'ddpm-40,dpmpp_2m-10,dpmpp_2m-10-fast,dpmpp_2m-10-uniform,dpmpp_2m-10-lambda,dpmpp_2m-6,unipc-10,ddim-10-uniform',
    },
    checkpoint: { type: 'string', default: EMBEDDED },
  },
});
const out = positionals[0];
if (!out) throw new Error('node bench/samplers.mjs OUT: a folder for the pictures');
/** The parameters behind a way's name. */
function wayNamed(name) {
  const way =
    /^(?<sampler>\w+)-(?<steps>\d+)(-(?!to|fast)(?<preset>\w+))?(-to-(?<to>\d+))?(?<fast>-fast)?$/.exec(name);
  if (!way) throw new Error(`${name} is no way, expected one like dpmpp_2m-10 or unipc-12-uniform-to-350`);
  const { sampler, steps, preset = sampler === 'ddpm' ? 'even' : quick.preset, to = 0, fast } = way.groups;
  const interval = { guidanceFrom: 999, guidanceTo: Number(to) };
  return { steps: Number(steps), sampler, preset, ...interval, fast: fast !== undefined };
}
const ways = Object.fromEntries(values.ways.split(',').map((name) => [name, wayNamed(name)]));
const [first] = Object.keys(ways);
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

await draw(ways[first], subjects[0].prompt, 1);
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
const usual = made['dpmpp_2m-10'];
for (const [called, { pictures, seconds }] of Object.entries(made)) {
  writeFileSync(join(out, `${called}.npy`), picturesNpy(pictures, base.sampleSize));
  const like = (usual?.pictures ?? []).map((other, i) => psnr(pictures[i], other)).filter(Number.isFinite);
  const beside = like.length
    ? `${(like.reduce((a, b) => a + b) / like.length).toFixed(1)} dB from ten steps`
    : '';
  const steps = estimatesOf(spacedWay(base, saving(ways[called].steps, ways[called]).steps, ways[called]));
  const share = (of) => (of ? `, ${(median(seconds) / median(of.seconds)).toFixed(2)}` : ', –');
  console.log(
    `${called.padEnd(18)} ${steps} estimates of each prompt, ${median(seconds).toFixed(2)} s a picture${share(made['ddpm-40'])} of ddpm-40${share(usual)} of dpmpp_2m-10  ${beside}`,
  );
}
writeFileSync(join(out, 'names.json'), JSON.stringify(names));
await base.close();
