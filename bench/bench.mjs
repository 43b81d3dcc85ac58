// campanile against diffusers in float32, interleaved. See README.md beside this file.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { interleaved, startChild } from './child.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    /** Devices of campanile's to be held against diffusers, "cpu,openvino" where that is installed. */
    engines: { type: 'string', default: 'cpu' },
    threads: { type: 'string', default: String(availableParallelism()) },
    checkpoint: {
      type: 'string',
      default: fileURLToPath(new URL('../checkpoints/campanile', import.meta.url)),
    },
  },
});
const { threads, checkpoint } = values;
const rounds = Number(values.rounds);
const engines = values.engines.split(',');
const python = process.env.PYTHON ?? 'python3';
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The same work in diffusers and in campanile on several devices, in turns, and how much faster than diffusers each of these is. */
async function compare(title, name, folder, { aim, turns = rounds, dtype = 'float32' } = {}) {
  const theirs = await startChild(python, [here(`${name}.py`), folder, threads, 'cpu', dtype]);
  const ours = [];
  for (const device of engines)
    ours.push(await startChild(process.execPath, [here(`${name}.mjs`), folder, threads, device]));
  const [a, ...others] = await interleaved([theirs, ...ours], turns);
  console.log(`${title}${aim ? ` (aim ${aim} x)` : ''}`);
  for (const [i, b] of others.entries())
    for (const [unit, words] of Object.entries({ wallMs: 'wall', cpuMs: 'processor' }))
      console.log(
        `  ${words.padEnd(10)} diffusers ${dtype} ${a[unit].toFixed(0)} ms, campanile on ${engines[i]} ${b[unit].toFixed(0)} ms: ${(a[unit] / b[unit]).toFixed(2)} x`,
      );
}

/** Whether the processor multiplies bfloat16 itself, as Linux says. */
function hasBf16() {
  try {
    return /\b(avx512_bf16|amx_bf16)\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return false;
  }
}

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${threads} threads, best of ${rounds}`);
const scratch = mkdtempSync(join(tmpdir(), 'campanile-bench-'));
try {
  execFileSync(python, [here('make_unet.py'), scratch], { stdio: ['ignore', 'ignore', 'inherit'] });
  await compare('one step, embedded checkpoint', 'step', join(checkpoint, 'unet'), { aim: 1.9 });
  await compare('one step, random 160 M', 'step', scratch, { aim: 1.7 });
  if (hasBf16()) await compare('one step, random 160 M', 'step', scratch, { aim: 1.15, dtype: 'bfloat16' });
} finally {
  rmSync(scratch, { recursive: true });
}
await compare('experiment 7, whole', 'guidance', checkpoint, { aim: 1.8, turns: Math.min(rounds, 2) });
const starts = Array.from({ length: rounds }, () => {
  const start = performance.now();
  execFileSync(process.execPath, [here('first-step.mjs'), checkpoint]);
  return performance.now() - start;
});
console.log(
  `first step after starting the program (aim 400 ms)\n  wall       ${Math.min(...starts).toFixed(0)} ms`,
);
