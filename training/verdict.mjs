// Whether the verdict agrees with eyes: node training/verdict.mjs [--model] [--list]
// The labelled pictures lie in training/labelled: illusions.webp, 64 x 64 tiles, 16 to a row, and labels.json in the same order, each with its
// recipe and what an eye said of each side: 0 not there, 1 with good will, 2 at a glance. Every second one (`half` 1) was held out: nothing was chosen on
// those. pairs.webp and pairs.json are more of them: of twenty pairs that go together, and learned from by nobody. With --model the model judges itself, as it did before there was a judge. Needs the build.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { lowPass } from '../dist/diffusion/components.js';
import { judged, scrutinies } from '../dist/experiments/judge.js';
import { rank } from '../dist/experiments/rank.js';
import { looked, sidesOf } from '../dist/experiments/sides.js';
import { EMBEDDED } from '../dist/models/embedded.js';
import { openModel } from '../dist/models/open.js';

const { values } = parseArgs({ options: { model: { type: 'boolean' }, list: { type: 'boolean' } } });
const here = (name) => fileURLToPath(new URL(`labelled/${name}`, import.meta.url));
const SIZE = 64;
const ACROSS = 16;

/** How a picture of these recipes is looked at. */
const sides = ({ experiment, params: { prompts, views } }) =>
  experiment === 'illusion'
    ? looked(sidesOf({ prompts, views, negatives: [''], guidance: [7], weights: [1] }))
    : [
        { prompt: prompts[0], seen: lowPass(33, 2) },
        { prompt: prompts[1], seen: (picture) => picture },
      ];

async function tile(sheet, i) {
  const at = { left: (i % ACROSS) * SIZE, top: Math.floor(i / ACROSS) * SIZE, width: SIZE, height: SIZE };
  const bytes = await sharp(here(sheet)).extract(at).removeAlpha().raw().toBuffer();
  const plane = SIZE * SIZE;
  const data = Float32Array.from(
    { length: 3 * plane },
    (_, k) => bytes[3 * (k % plane) + Math.floor(k / plane)] / 127.5 - 1,
  );
  return { data, shape: [1, 3, SIZE, SIZE] };
}

/** Places in order; those that are equal share the mean of theirs. */
function places(list) {
  const order = list.toSorted((a, b) => a - b);
  return list.map((value) => (order.indexOf(value) + order.lastIndexOf(value)) / 2);
}

function correlation(a, b) {
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [x, y] = [places(a), places(b)];
  const [mx, my] = [mean(x), mean(y)];
  const product = (p, mp, q, mq) => p.reduce((sum, value, i) => sum + (value - mp) * (q[i] - mq), 0);
  return product(x, mx, y, my) / Math.sqrt(product(x, mx, x, mx) * product(y, my, y, my));
}

const model = await openModel(EMBEDDED);
const base = values.model ? { ...model, judge: undefined } : model;
const found = [];
for (const [list, sheet] of [
  ['labels.json', 'illusions.webp'],
  ['pairs.json', 'pairs.webp'],
])
  for (const [i, one] of JSON.parse(readFileSync(here(list), 'utf8')).entries()) {
    const verdict = await judged(base, await tile(sheet, i), sides(one), scrutinies.sides);
    found.push({ ...one, sheet, verdict, score: rank(verdict), seen: Math.min(...one.labels) });
  }
if (values.list)
  for (const { id, labels, score, verdict } of found.toSorted((a, b) => b.score - a.score))
    console.log(
      id,
      labels.join(),
      score.toFixed(3),
      verdict.sides.map(({ prompt, gain }) => `${prompt} ${gain.toFixed(2)}`).join(' / '),
    );
const groups = {
  'what was learned from': ({ half }) => half === 0,
  'held out': ({ half }) => half === 1,
  'held out, anagrams': ({ half, experiment }) => half === 1 && experiment === 'illusion',
  'held out, hybrids': ({ half, experiment }) => half === 1 && experiment !== 'illusion',
  'twenty pairs': ({ sheet }) => sheet === 'pairs.webp',
  'all that was not learned from': ({ half }) => half !== 0,
};
for (const [name, belongs] of Object.entries(groups)) {
  const group = found.filter(belongs).toSorted((a, b) => b.score - a.score);
  const top = group.slice(0, Math.max(1, Math.round(group.length / 10)));
  const rho = correlation(
    group.map(({ score }) => score),
    group.map(({ seen }) => seen),
  );
  const good = (list) => list.filter(({ seen }) => seen >= 1).length;
  console.log(
    `${name}: ${group.length} pictures, ${good(group)} readable from both sides; rank correlation ${rho.toFixed(2)}; top tenth ${good(top)} of ${top.length}`,
  );
}
await model.close();
