// What the page takes: calls of both networks by section, how many of them ask what another asked, the time in which a network
// worked, and that of the processor. Usage: page.mjs [SECTION...] [--device cpu] [--threads 2]
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { figureFolder } from '../dist/cli/figure-folder.js';
import { makePage, pageInMaking } from '../dist/cli/page-making.js';
import { planPage } from '../dist/cli/page-plan.js';
import { pictureBook } from '../dist/experiments/pictures.js';
import { openModels } from '../dist/models/embedded.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    device: { type: 'string', default: 'cpu' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
const planned = await planPage({ only: positionals.length > 0 ? positionals : undefined });
const began = performance.now();
const opened = await openModels({ device: values.device, threads: Number(values.threads) });
const { base, upscaler } = opened;
for (const { text, work } of planned.sections) {
  const parts = work?.experiment.parts(work.params, opened) ?? [];
  const calls = (stage) => parts.reduce((sum, part) => sum + (part.calls[stage] ?? 0), 0);
  console.log(`${text.id.padEnd(10)} ${calls('base')} calls of stage I, ${calls('upscaler')} of stage II`);
}

const asked = new Set();
const counted = { rows: 0, twice: 0, running: 0, since: 0, busyMs: 0 };
/** An estimator whose questions are counted, by their content. */
const watched = (what, estimator) => async (x, t) => {
  const question = createHash('sha256').update(x.data).update(`${what} ${t}`).digest('hex');
  counted.rows += x.shape[0];
  if (asked.has(question)) counted.twice += x.shape[0];
  asked.add(question);
  if (counted.running++ === 0) counted.since = performance.now();
  try {
    return await estimator(x, t);
  } finally {
    if (--counted.running === 0) counted.busyMs += performance.now() - counted.since;
  }
};
const models = {
  base: { ...base, estimator: (prompt) => watched(prompt, base.estimator(prompt)) },
  upscaler: {
    ...upscaler,
    conditioned(...given) {
      const prompted = upscaler.conditioned(...given);
      return (prompt, view) => watched(`stage II, ${prompt}`, prompted(prompt, view));
    },
  },
};
const folder = mkdtempSync(join(tmpdir(), 'campanile-page-'));
await makePage(pageInMaking(planned), planned, {
  models,
  book: pictureBook(),
  store: await figureFolder(folder),
  terminal: { json: false, note() {}, status() {}, passed() {}, print() {} },
  signal: new AbortController().signal,
});
const seconds = (ms) => (ms / 1000).toFixed(1);
const { user, system } = process.cpuUsage();
console.log(
  `${seconds(performance.now() - began)} s, a network at work in ${seconds(counted.busyMs)} of them; ${seconds((user + system) / 1000)} s of processor; ${counted.rows} calls, ${counted.twice} of them asked before`,
);
rmSync(folder, { recursive: true });
await opened.close();
