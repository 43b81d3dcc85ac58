// What half precision and other devices cost in accuracy: each form against cpu:full, in a process of its own.
// Usage: precision.mjs [--folder FOLDER] [--size PIXELS] [--prompt TEXT] [FORM...], a form being device:precision[:memory]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readSafetensors } from '../dist/checkpoint/safetensors.js';
import { relativeError } from '../dist/tensor/difference.js';
import { psnr } from '../dist/tensor/psnr.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** A model, or its unet/ alone. */
    folder: { type: 'string', default: here('../checkpoints/campanile') },
    size: { type: 'string', default: '' },
    prompt: { type: 'string', default: 'a rocket ship' },
  },
});
const forms = positionals.length > 0 ? positionals : ['cpu:half'];

/** Signal to error in decibels. */
function decibels({ data }, { data: expected }) {
  const energy = (values) => values.reduce((sum, value) => sum + value * value, 0);
  return 10 * Math.log10(energy(expected) / energy(expected.map((value, i) => value - data[i])));
}

const scratch = mkdtempSync(join(tmpdir(), 'campanile-precision-'));
try {
  let reference;
  for (const form of ['cpu:full', ...forms]) {
    const out = join(scratch, form.replaceAll(':', '-'));
    const args = [here('form.mjs'), form, values.folder, values.size, values.prompt, out];
    const lines = execFileSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const { wallMs, cpuMs, peakBytes } = JSON.parse(lines);
    console.log(
      `${form}: a step ${(wallMs / 1e3).toFixed(2)} s, ${(cpuMs / 1e3).toFixed(2)} s of processor, peak ${(peakBytes / 1e9).toFixed(2)} GB`,
    );
    const results = await readSafetensors(out);
    reference ??= results;
    if (results === reference) continue;
    for (const [name, found] of results) {
      const expected = reference.get(name);
      if (name === 'picture') console.log(`  picture of 20 steps: ${psnr(found, expected).toFixed(1)} dB`);
      else
        console.log(
          `  ${name}: ${decibels(found, expected).toFixed(1)} dB, at most ${relativeError(found, expected).toPrecision(2)} of the largest value off`,
        );
    }
  }
} finally {
  rmSync(scratch, { recursive: true });
}
