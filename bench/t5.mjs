// T5-XXL at its size, with random weights: memory and time of one prompt; with few blocks also against transformers in float32.
// Usage: t5.mjs [--blocks 24] [--prompts 1] [--threads 1] [--compare] [--folder where, and it stays]
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readSafetensors, writeSafetensors } from '../dist/checkpoint/safetensors.js';
import { relativeError } from '../dist/tensor/difference.js';
import { openT5 } from '../dist/text/t5.js';
import { timed } from './child.mjs';

const { values } = parseArgs({
  options: {
    blocks: { type: 'string', default: '24' },
    prompts: { type: 'string', default: '1' },
    threads: { type: 'string', default: '1' },
    compare: { type: 'boolean', default: false },
    folder: { type: 'string' },
  },
});
const python = (script, ...args) =>
  execFileSync(process.env.PYTHON ?? 'python3', [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
const scratch = mkdtempSync(join(tmpdir(), 'campanile-t5-'));
try {
  const folder = values.folder ?? join(scratch, 'text_encoder');
  if (!existsSync(join(folder, 'config.json'))) python('make_t5.py', folder, values.blocks);
  // Prompts of 12 tokens and 65 of padding.
  const ids = Array.from({ length: Number(values.prompts) }, (_, row) =>
    Array.from({ length: 77 }, (_, i) => (i < 12 ? (i * 977 + row * 131 + 5) % 32_000 : 0)),
  );
  const mask = ids.map((row) => row.map((_, i) => i < 12));

  const t5 = await openT5(folder, { threads: Number(values.threads) });
  let hidden;
  const { wallMs, cpuMs } = await timed(async () => {
    hidden = await t5.run(ids, mask);
  });
  await t5.close();
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  console.log(
    `${t5.config.blocks} blocks, ${ids.length} prompts: ${(wallMs / 1e3).toFixed(1)} s, ${(cpuMs / 1e3).toFixed(1)} s of processor, peak ${(peak / 1e9).toFixed(2)} GB`,
  );

  if (values.compare) {
    const bytes = (rows) => new Uint8Array(Int32Array.from(rows.flat(), Number).buffer);
    const stored = (rows) => ({ dtype: 'I32', shape: [rows.length, 77], bytes: bytes(rows) });
    await writeSafetensors(join(scratch, 'ids'), [
      ['ids', stored(ids)],
      ['mask', stored(mask)],
    ]);
    python('t5.py', folder, join(scratch, 'ids'), join(scratch, 'out'));
    const error = relativeError(hidden, (await readSafetensors(join(scratch, 'out'))).get('hidden'));
    console.log(`against transformers in float32: ${error.toPrecision(2)} of the largest number`);
    process.exitCode = error < 1e-4 ? 0 : 1;
  }
} finally {
  rmSync(scratch, { recursive: true });
}
