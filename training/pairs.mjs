// Tries subjects together as anagrams and writes which went well: node training/pairs.mjs OUT.json [--seeds 2] [--steps 8] [--minutes 30]
// Goes on where it was broken off: what is in OUT.json with the same weights is not tried again. Needs the build (npm run build).
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import illusion from '../dist/experiments/illusion.js';
import { EMBEDDED } from '../dist/models/embedded.js';
import { openModel } from '../dist/models/open.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '1' },
    steps: { type: 'string', default: '8' },
    minutes: { type: 'string', default: '30' },
    threads: { type: 'string', default: '1' },
  },
});
const [out] = positionals;
const [seeds, steps, minutes] = [values.seeds, values.steps, values.minutes].map(Number);

/** How readable the weaker side must be to count: so far judge and eye agree (docs/illusions.md). */
const READABLE = 0.4;
const VIEWS = ['rotate180', 'flip', 'rotate_cw'];
/** Shapes that are known at 64 pixels, and that the document or the search began with. */
const SUBJECTS = [
  'a dog',
  'a skull',
  'a penguin',
  'a hot air balloon',
  'a violently erupting volcano',
  'an owl',
  'a teacup',
  'an old man',
  'a lighthouse',
  'a rocket ship',
  'a snowman',
  'a vase of flowers',
  'a sailboat on the sea',
  'a castle',
];
const pairs = SUBJECTS.flatMap((a, i) => SUBJECTS.slice(i + 1).map((b) => [a, b]));
// In an order that is the same each time and spreads over all: whatever the time allows for is a fair part of it.
const place = ([a, b]) =>
  [...`${a}/${b}`].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);
pairs.sort((a, b) => place(a) - place(b));

const base = await openModel(EMBEDDED, { threads: Number(values.threads) });
const before = fs.existsSync(out) ? JSON.parse(fs.readFileSync(out, 'utf8')) : undefined;
const same = before?.weights === base.fingerprint && before.steps === steps;
/** By sides and view: every seed that was tried. */
const tried = new Map(same ? before.tries.map((one) => [key(one), one]) : []);

function key({ sides, view }) {
  return `${sides.join(' / ')} ${view}`;
}

async function readable(sides, view, seed) {
  const params = illusion.params.parse({
    prompts: sides,
    views: ['identity', view],
    steps,
    seed,
    upscale: false,
  });
  const [part] = illusion.parts(params, { base });
  for await (const event of part.run({ base }))
    if (event.type === 'figure') return event.figure.verdict.alignment;
}

function save() {
  const tries = [...tried.values()];
  const told = tries
    .filter(({ scores }) => scores.length > 0)
    .map(({ sides, view, scores }) => {
      const most = Math.max(...scores);
      return {
        sides,
        view,
        tried: scores.length,
        yield: scores.filter((score) => score >= READABLE).length / scores.length,
        best: { seed: scores.indexOf(most), guidance: [7], weights: [1], readable: most },
      };
    });
  fs.writeFileSync(
    `${out}.part`,
    JSON.stringify({ weights: base.fingerprint, steps, readable: READABLE, pairs: told, tries }),
  );
  fs.renameSync(`${out}.part`, out);
}

const end = Date.now() + minutes * 60_000;
let made = 0;
for (const sides of pairs) {
  for (const view of VIEWS) {
    const one = tried.get(key({ sides, view })) ?? { sides, view, scores: [] };
    tried.set(key(one), one);
    while (one.scores.length < seeds && Date.now() < end) {
      one.scores.push(Number((await readable(sides, view, one.scores.length)).toFixed(3)));
      made++;
    }
  }
  save();
  if (Date.now() >= end) break;
}
save();
console.log(`${made} pictures`);
await base.close();
