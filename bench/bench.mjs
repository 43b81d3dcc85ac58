// campanile against diffusers in float32, interleaved. See README.md beside this file.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { interleaved, startChild } from './child.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: String(availableParallelism()) },
    checkpoint: {
      type: 'string',
      default: fileURLToPath(new URL('../checkpoints/campanile', import.meta.url)),
    },
  },
});
const { threads, checkpoint } = values;
const rounds = Number(values.rounds);
const python = process.env.PYTHON ?? 'python3';
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The same work in both, `name`.py and `name`.mjs, and how much faster campanile is. */
async function compare(title, name, folder, aim, turns = rounds) {
  const args = [folder, threads];
  const theirs = await startChild(python, [here(`${name}.py`), ...args]);
  const ours = await startChild(process.execPath, [here(`${name}.mjs`), ...args]);
  const [a, b] = await interleaved([theirs, ours], turns);
  const row = (unit) =>
    `diffusers ${a[unit].toFixed(0)} ms, campanile ${b[unit].toFixed(0)} ms: ${(a[unit] / b[unit]).toFixed(2)} x`;
  console.log(
    `${title}${aim ? ` (aim ${aim} x)` : ''}\n  wall       ${row('wallMs')}\n  processor  ${row('cpuMs')}`,
  );
}

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${threads} threads, best of ${rounds}`);
const scratch = mkdtempSync(join(tmpdir(), 'campanile-bench-'));
try {
  execFileSync(python, [here('make_unet.py'), scratch], { stdio: ['ignore', 'ignore', 'inherit'] });
  await compare('one step, embedded checkpoint', 'step', join(checkpoint, 'unet'));
  await compare('one step, random 160 M', 'step', scratch, 1.45);
} finally {
  rmSync(scratch, { recursive: true });
}
await compare('experiment 7, whole', 'guidance', checkpoint, 1.6, Math.min(rounds, 2));
const starts = Array.from({ length: rounds }, () => {
  const start = performance.now();
  execFileSync(process.execPath, [here('first-step.mjs'), checkpoint]);
  return performance.now() - start;
});
console.log(
  `first step after starting the program (aim 2000 ms)\n  wall       ${Math.min(...starts).toFixed(0)} ms`,
);
