import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { cp, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect, vi } from 'vitest';
import { CheckpointError } from '../src/errors.ts';
import { openModel } from '../src/models/open.ts';
import { at, folder, main, refused, run } from './cli-folder.ts';
import { unseenOf } from './kinds.ts';

/** Other members of the kinds of faults that were reported of other programs, tried on the command and the library. */

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** A black mask for `photo.png`, 100 × 80, with a rectangle of one grey. */
async function mask(name: string, light: number, [left, top, w, h]: readonly number[]): Promise<string> {
  const data = Buffer.alloc(100 * 80);
  for (let y = top!; y < top! + h!; y++) data.fill(light, y * 100 + left!, y * 100 + left! + w!);
  await sharp(data, { raw: { width: 100, height: 80, channels: 1 } })
    .png()
    .toFile(at(name));
  return name;
}
const painted = (name: string) => ['inpaint', 'photo.png', '--mask', name, '--prompt', 'a dog'];

/** The embedded checkpoint with the weights of its network called otherwise. */
async function renamed(name: string, rename_: (unet: string) => Promise<unknown>): Promise<string> {
  const copy = at(name);
  await cp(fileURLToPath(new URL('../checkpoints/campanile', import.meta.url)), copy, { recursive: true });
  await rename_(join(copy, 'unet'));
  return copy;
}
const WEIGHTS = 'diffusion_pytorch_model.safetensors';
const opens = async (copy: string) => {
  await using model = await openModel(copy);
  expect(model.parameters).toBeGreaterThan(1e6);
};

const shell = (command: string) => {
  const line = command.replaceAll('campanile', `"${process.execPath}" "${main}"`);
  const child = spawn('bash', ['-c', `set -o pipefail; ${line}`], { cwd: folder });
  let err = '';
  child.stderr.on('data', (data) => {
    err += data;
  });
  return new Promise<{ code: number | null; err: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, err })),
  );
};
const SAMPLE = 'campanile sample x --steps 1 --no-upscale --count 2 --out';
/** The run is finished whatever becomes of what it says. */
async function finished(name: string, redirected: string): Promise<void> {
  const { code, err } = await shell(`${SAMPLE} ${name} ${redirected}`);
  expect(err).not.toMatch(/^\s+at /m);
  expect([code, readdirSync(join(at(name), 'sample')).length]).toEqual([0, 2]);
}

/** Every file and folder in one, with when it was last changed. */
const dates = (place: string): string[] =>
  ['', ...readdirSync(place, { recursive: true, encoding: 'utf8' })]
    .map((name) => `${name} ${statSync(join(place, name)).mtimeMs}`)
    .toSorted();
/** Where nothing is written a folder may be for reading only. */
async function leftAlone(...args: string[]): Promise<void> {
  const out = at(`complete-${args[0]}`);
  const again = async () => {
    const { code, err } = await run(...args, '--out', out);
    expect([code, err]).toEqual([0, expect.any(String)]);
    return dates(out);
  };
  expect(await again()).toEqual(await again());
}

unseenOf({
  '9: a run that would change nothing is refused before its first step': {
    'white beside the square in the middle': async () => {
      await refused(painted(await mask('aside.png', 255, [0, 0, 9, 80])), /square in its middle/);
    },
    'black that a careless program made': async () => {
      await refused(painted(await mask('nearly.png', 20, [0, 0, 100, 80])), /nothing may change/);
    },
    'drawn on nothing, with nothing': async () => {
      await sharp({ create: { width: 100, height: 80, channels: 4, background: '#00000000' } })
        .png()
        .toFile(at('clear.png'));
      await refused(painted('clear.png'), /nothing may change/);
    },
  },
  '12: what is fetched is opened': {
    'half of the numbers’ bytes, by name': async () => {
      const name = 'diffusion_pytorch_model.fp16.safetensors';
      await opens(await renamed('fp16', (unet) => rename(join(unet, WEIGHTS), join(unet, name))));
    },
    'one part and its list, each with the kind of number': async () => {
      const part = 'diffusion_pytorch_model-00001-of-00001.bf16.safetensors';
      const copy = await renamed('parts', async (unet) => {
        const head = await readFile(join(unet, WEIGHTS));
        const text = head.subarray(8, 8 + Number(head.readBigUInt64LE())).toString();
        const names = Object.keys(JSON.parse(text)).filter((key) => key !== '__metadata__');
        const weight_map = Object.fromEntries(names.map((key) => [key, part]));
        await rename(join(unet, WEIGHTS), join(unet, part));
        const index = join(unet, 'diffusion_pytorch_model.safetensors.index.bf16.json');
        await writeFile(index, JSON.stringify({ metadata: {}, weight_map }));
      });
      await opens(copy);
    },
    'what is neither is told, with what was expected': async () => {
      const copy = await renamed('other', (unet) =>
        rename(join(unet, WEIGHTS), join(unet, 'diffusion_pytorch_model.non_ema.safetensors')),
      );
      await expect(openModel(copy)).rejects.toBeInstanceOf(CheckpointError);
    },
  },
  '14: who does not listen is no reason to stop': {
    'what is printed has nowhere to go': () => finished('closed', '>&-'),
    'what is told has nowhere to go': () => finished('untold', '2>&-'),
    'neither has': () => finished('neither', '>&- 2>&-'),
    'a pipe that is closed before the first word': async () => {
      expect(await shell(`campanile verify closed/sample/*.png | true`)).toEqual({ code: 0, err: '' });
    },
    'a full disk, where only words were to be written': async () => {
      if (!existsSync('/dev/full')) return;
      const { code, err } = await shell('campanile model info > /dev/full');
      expect(err.match(/disk is full/g)).toHaveLength(1);
      expect([code, /^\s+at /m.test(err)]).toEqual([2, false]);
    },
  },
  '18: what is given can be given again': {
    'after the last seed there is the first': async () => {
      const args = ['--steps', '1', '--no-upscale', '--json', '--out', at('wrapped')];
      const { out } = await run('sample', 'x', '--seed', '4294967294', '--count', '3', ...args);
      const lines = out.trim().split('\n');
      expect(lines.map((line) => JSON.parse(line).seed)).toEqual([4294967294, 4294967295, 0]);
    },
    'a seed that is none is refused': async () => {
      for (const seed of ['4294967296', '-1', '1.5', 'one'])
        await refused(['sample', 'x', '--seed', seed], /--seed/);
    },
    'a run into what is complete is the same run': async () => {
      const { code, err } = await run(
        'sample',
        'x',
        '--steps',
        '1',
        '--no-upscale',
        '--count',
        '2',
        '--out',
        at('closed'),
      );
      expect([code, err.match(/kept from before/g)?.length]).toEqual([0, 2]);
    },
  },
  '18: a run into a folder that is complete writes nothing there': {
    'an experiment’s figures': () => leftAlone('forward'),
    'an edit of one’s own picture': () =>
      leftAlone('img2img', 'photo.png', '--prompt', 'a dog', '--steps', '2'),
    'the page': () => leftAlone('page', '--only', 'forward'),
  },
});
