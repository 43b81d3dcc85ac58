// Renders a shard of the training set: node render.mjs OUT START COUNT SIZE [--held-out]
// Seeds that the split holds out are skipped, or with --held-out are the only ones used.
// With --loose every picture is in any pose rather than its usual one.
// With --subject=a,b only these are drawn, in turn: more of what is hard to learn.
// Needs the compiled scenes (npm run build:scenes).
import fs from 'node:fs';
import { isHeldOut, renderScene, sampleSpec } from './dist/index.js';

const [out, start, count, size = '64', ...flags] = process.argv.slice(2);

const only = flags
  .find((f) => f.startsWith('--subject='))
  ?.slice(10)
  .split(',');
const loose = flags.includes('--loose');
const heldOut = flags.includes('--held-out');
const pictures = fs.openSync(`${out}.bin.part`, 'w');
const captions = fs.openSync(`${out}.jsonl.part`, 'w');
const began = Date.now();
let done = 0;
for (let seed = Number(start); done < Number(count); seed++) {
  if (isHeldOut(seed) !== heldOut) continue;
  const spec = { ...sampleSpec(seed, only && { subject: only[done % only.length] }), loose };
  const scene = renderScene(spec, Number(size));
  fs.writeSync(pictures, scene.data);
  fs.writeSync(
    captions,
    `${JSON.stringify({ s: scene.subject, m: scene.medium, c: scene.caption, p: spec.pair ? 1 : 0 })}\n`,
  );
  done++;
}
fs.renameSync(`${out}.bin.part`, `${out}.bin`);
fs.renameSync(`${out}.jsonl.part`, `${out}.jsonl`);
console.log(`${done} pictures, ${Math.round(done / ((Date.now() - began) / 1000))} a second`);
