// Steps a second on a card, beside diffusers on the same one, and batches. Usage: gpu.mjs FOLDER... -- DEVICE:PRECISION...
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleaved, startChild } from './child.mjs';

const words = process.argv.slice(2);
const folders = words.slice(0, words.indexOf('--'));
const forms = words.slice(words.indexOf('--') + 1);
const python = process.env.PYTHON ?? 'python3';
const threads = String(availableParallelism());
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const TURNS = 20;

const torchDevice = execFileSync(
  python,
  ['-c', "import torch; print('cuda' if torch.cuda.is_available() else 'cpu')"],
  { encoding: 'utf8' },
).trim();
const theirs = torchDevice === 'cuda' ? [['float16'], ['bfloat16'], ['bfloat16', 'compile']] : [['float32']];

/** What a process holds on the card, as its driver counts it. */
function cardBytes(pid) {
  try {
    const query = ['--query-compute-apps=pid,used_memory', '--format=csv,noheader,nounits'];
    const line = execFileSync('nvidia-smi', query, { encoding: 'utf8' })
      .split('\n')
      .find((row) => row.startsWith(`${pid},`));
    return line && Number(line.split(',')[1]) * 2 ** 20;
  } catch {
    return undefined;
  }
}

const gigabytes = (bytes) => (bytes ? `, ${(bytes / 1e9).toFixed(2)} GB on the card` : '');

for (const folder of folders) {
  const name = basename(folder) === 'unet' ? basename(dirname(folder)) : basename(folder);
  for (const batch of ['1', '4', '16']) {
    const sides = [
      ...theirs.map(([dtype, ...more]) => ({
        title: `diffusers ${[dtype, ...more].join(' ')}`,
        command: [python, [here('step.py'), folder, threads, torchDevice, dtype, batch, ...more]],
      })),
      ...forms.map((form) => ({
        title: `campanile ${form}`,
        command: [process.execPath, [here('step.mjs'), folder, threads, ...form.split(':'), batch]],
      })),
    ];
    // One after the other is loaded, then each has its turn; who cannot start is said and left out.
    const children = [];
    for (const { title, command } of sides) {
      try {
        children.push({ title, child: await startChild(...command) });
      } catch (error) {
        console.log(`${name}, batch ${batch}, ${title}: ${error.message}`);
      }
    }
    const memory = children.map(({ child }) => child.ready.cardBytes ?? cardBytes(child.pid));
    const times = await interleaved(
      children.map(({ child }) => child),
      TURNS,
    );
    for (const [i, { title }] of children.entries()) {
      const { wallMs } = times[i];
      const pictures = ((1000 * Number(batch)) / wallMs).toFixed(1);
      console.log(
        `${name}, batch ${batch}, ${title}: ${wallMs.toFixed(1)} ms a call, ${pictures} pictures a second${gigabytes(memory[i])}`,
      );
    }
  }
}
