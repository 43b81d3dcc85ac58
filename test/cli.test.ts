import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeSafetensors } from '../src/checkpoint/safetensors.ts';
import { readRecipe } from '../src/images/png.ts';
import { recipeSchema } from '../src/jobs/schemas.ts';
import { openPromptFile } from '../src/text/embeddings.ts';

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'campanile-cli-'));
const at = (name: string) => join(folder, name);

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    texts.out += data;
  });
  child.stderr.on('data', (data) => {
    texts.err += data;
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...texts })));
  return { child, ended };
}
const run = (...args: string[]) => start(...args).ended;

/** Ends with exit code 2 and words, without a stack trace and without a picture. */
async function refused(args: string[], words: RegExp): Promise<void> {
  const out = at(`refused-${readdirSync(folder).length}`);
  const { code, err } = await run(...args, '--out', out);
  expect(err).toMatch(words);
  expect(err).not.toMatch(/^\s+at /m);
  expect(code).toBe(2);
  const written = existsSync(out)
    ? readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.png'))
    : [];
  expect(written).toEqual([]);
}

const noisy = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background: { r: 40, g: 120, b: 200, alpha: 0.5 } } });

beforeAll(async () => {
  if (!existsSync(main)) throw new Error('dist is missing: npm run build');
  await noisy(100, 80).png().toFile(at('photo.png'));
  await noisy(1, 1).png().toFile(at('pixel.png'));
  await noisy(5200, 4100).png().toFile(at('huge.png'));
  await noisy(64, 64, 4).png().toFile(at('transparent.png'));
  await noisy(80, 60).withMetadata({ orientation: 6 }).jpeg().toFile(at('rotated.jpg'));
  await noisy(64, 64).toColourspace('cmyk').jpeg().toFile(at('cmyk.jpg'));
  await noisy(90, 80).png().toFile(at('mask.png'));
  const pages = Buffer.alloc(64 * 128 * 3, 90).fill(200, 64 * 64 * 3);
  await sharp(pages, { raw: { width: 64, height: 128, channels: 3, pageHeight: 64 } })
    .gif({ delay: [100, 100] })
    .toFile(at('animated.gif'));
  writeFileSync(at('truncated.png'), readFileSync(at('photo.png')).subarray(0, 60));
  writeFileSync(at('words.png'), 'not a picture');
});

describe('bad input is refused in words', () => {
  const cases: [string, string[], RegExp][] = [
    ['a missing picture', ['forward', 'nowhere.png'], /there is no picture nowhere\.png/],
    ['a truncated picture', ['forward', 'truncated.png'], /truncated\.png/],
    ['no picture at all', ['forward', 'words.png'], /words\.png/],
    ['a picture of one pixel', ['forward', 'pixel.png'], /1 × 1/],
    ['a picture of 21 megapixels', ['forward', 'huge.png'], /5200 × 4100/],
    ['an animation', ['forward', 'animated.gif'], /anima|frames/],
    ['a CMYK picture', ['forward', 'cmyk.jpg'], /CMYK/i],
    ['a mask of another size', ['inpaint', 'photo.png', '--mask', 'mask.png'], /90 × 80.*100 × 80/],
    [
      'i_start out of range',
      ['sdedit', '--i-start', '40'],
      /--i-start: expected at most 32, got 40\n .*--help/,
    ],
    ['i_start below zero', ['sdedit', '--i-start', '-1'], /--i-start: expected at least 0, got -1/],
    ['half an i_start', ['sdedit', '--i-start', '1.5'], /--i-start: expected a whole number, got 1\.5/],
    ['no steps', ['sampling', '--steps', '0'], /--steps: expected at least 1, got 0/],
    ['too many steps', ['sampling', '--steps', '1e9'], /--steps: expected at most 1000, got 1000000000/],
    [
      'guidance out of range',
      ['guidance', '--guidance', '1000'],
      /--guidance: expected at most 30, got 1000/,
    ],
    [
      'guidance that is no number',
      ['guidance', '--guidance', 'NaN'],
      /--guidance: expected a number, got "NaN"/,
    ],
    ['t out of range', ['forward', '--t', '1000'], /--t: expected at most 999, got 1000/],
    ['a t that is infinite', ['forward', '--t', 'Infinity'], /--t: expected a number, got "Infinity"/],
    ['a list that ends early', ['forward', '--t', '1,2,'], /--t: expected a number, got ""/],
    [
      'a list that is too long',
      ['forward', '--t', `1${',2'.repeat(20)}`],
      /--t: expected at most 20 values, got 21/,
    ],
    ['a word for a number', ['forward', '--t', 'many'], /--t: expected a number, got "many"/],
    [
      'a sampler that there is not',
      ['sample', '--sampler', 'euler'],
      /--sampler: expected one of ddpm, ddim, .*got "euler"/,
    ],
    [
      'a missing mask',
      ['inpaint', 'photo.png', '--mask', 'nowhere.png'],
      /there is no mask nowhere\.png\n .*campanile-top/,
    ],
    [
      'a missing photograph',
      ['forward', '--image', 'campanile=nowhere.png'],
      /there is no picture nowhere\.png/,
    ],
    ['a photograph for nothing', ['forward', '--image', 'tower=photo.png'], /no built-in picture "tower"/],
    ['a seed of the page that is no number', ['page', '--seed', 'abc'], /--seed.*expected a number/],
    ['a word too many', ['forward', 'photo.png', 'more'], /one word too many/],
    [
      'two masks for three pictures',
      ['inpaint', '--mask', 'a.png', '--mask', 'b.png'],
      /2 given for 3 pictures/,
    ],
    ['a checkpoint that is not there', ['guidance', '--checkpoint', 'nowhere'], /nowhere/],
    ['an unknown option', ['guidance', '--colour', 'red'], /unknown option/],
    ['an unknown command', ['paint'], /unknown (command|option)/],
  ];
  test.each(cases)('%s', async (_, args, words) => {
    await refused(args, words);
  });

  test('an output folder that cannot be made', async () => {
    const { code, err } = await run('forward', '--out', join(at('photo.png'), 'out'));
    expect(err).toMatch(/cannot write .*photo\.png\/out: not a directory\n {2}choose a folder .*--out/);
    expect(code).toBe(2);
  });
});

describe('an output folder that may not be written is refused in words, and nothing is written', () => {
  const closed = at('closed');
  const isRoot = process.getuid?.() === 0;
  let works = true;
  // Root may write whatever the mode says: only a disk that is mounted for reading stops it.
  beforeAll(() => {
    mkdirSync(closed);
    try {
      if (isRoot) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', closed]);
    } catch {
      works = false;
      return;
    }
    mkdirSync(join(closed, 'there'));
    if (isRoot) execFileSync('mount', ['-o', 'remount,ro', closed]);
    else for (const name of ['there', '']) chmodSync(join(closed, name), 0o555);
  });
  afterAll(() => {
    if (isRoot && works) execFileSync('umount', [closed]);
    else for (const name of ['', 'there']) chmodSync(join(closed, name), 0o755);
  });
  const commands: [string, string[]][] = [
    ['pictures', ['forward', '--out']],
    ['the page', ['page', '--out']],
    ['embeddings', ['embed', 'a dog', '-o']],
  ];
  const places: [string, string][] = [
    ['that is there', 'there'],
    ['whose parent is closed', 'new'],
  ];
  const cases = commands.flatMap(([what, args]) =>
    places.map(([which, name]) => [what, which, args, name] as const),
  );
  test.for(cases)('%s into a folder %s', async ([, , args, name], { skip }) => {
    if (!works)
      return skip('a disk for reading only can be mounted by root alone, and not in every container');
    const place = args.includes('-o') ? join(closed, name, 'prompts.safetensors') : join(closed, name);
    const { code, out, err } = await run(...args, place);
    expect(err).toMatch(
      /^campanile: cannot write .*closed.*: (permission denied|read-only file system|no such file or directory)\n {2}choose /m,
    );
    expect(err).not.toMatch(/^\s+at /m);
    expect(out).toBe('');
    expect(code).toBe(2);
    expect(readdirSync(closed, { recursive: true })).toEqual(['there']);
  });
});

describe('a broken checkpoint is refused in words', () => {
  const embedded = fileURLToPath(new URL('../checkpoints/campanile', import.meta.url));
  const weights = 'unet/diffusion_pytorch_model.safetensors';

  /** A copy of the embedded checkpoint whose header, text and all, went through `edit`. */
  function withHeader(edit: (header: string) => string): string {
    const copy = mkdtempSync(at('broken-'));
    cpSync(embedded, copy, { recursive: true });
    const file = readFileSync(join(embedded, weights));
    const end = 8 + Number(file.readBigUInt64LE());
    const header = Buffer.from(edit(file.toString('utf8', 8, end)));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    writeFileSync(join(copy, weights), Buffer.concat([length, header, file.subarray(end)]));
    return copy;
  }
  const withBytes = (edit: (file: Buffer) => void): string => {
    const copy = withHeader((header) => header);
    const file = readFileSync(join(copy, weights));
    edit(file);
    writeFileSync(join(copy, weights), file);
    return copy;
  };
  const withConfig = (edit: (config: Record<string, unknown>) => void): string => {
    const copy = withHeader((header) => header);
    const path = join(copy, 'unet/config.json');
    const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    edit(config);
    writeFileSync(path, JSON.stringify(config));
    return copy;
  };
  const offsets = (header: string, name: string) =>
    new RegExp(`"${name}":\\{[^}]*"data_offsets":\\[(\\d+),(\\d+)\\]`).exec(header)!.slice(1).map(Number);

  const cases: [string, () => string, RegExp][] = [
    [
      'a missing tensor',
      () => withHeader((h) => h.replace('"conv_in.bias"', '"conv_in.sail"')),
      /conv_in\.bias/,
    ],
    [
      'a misshapen tensor',
      () => withHeader((h) => h.replace(/("conv_in\.bias":\{[^}]*"shape":\[)(\d+)/, '$11,$2')),
      /conv_in\.bias/,
    ],
    [
      'a tensor that is not a number',
      () =>
        withBytes((file) => {
          const end = 8 + Number(file.readBigUInt64LE());
          file.writeUInt16LE(0x7e00, end + offsets(file.toString('utf8', 8, end), 'conv_in.bias')[0]!);
        }),
      /conv_in\.bias.*(NaN|finite|number)/i,
    ],
    ['a header of 2^63 bytes', () => withBytes((file) => file.writeBigUInt64LE(2n ** 63n)), /header/],
    [
      'overlapping tensors',
      () =>
        withHeader((h) => {
          const [from, to] = offsets(h, 'conv_in.bias');
          return h.replace(`[${from},${to}]`, `[${from! - 2},${to! - 2}]`);
        }),
      /overlap|offset|gap/i,
    ],
    [
      'a name that is there twice',
      () => withHeader((h) => h.replace('"conv_in.bias"', '"conv_out.bias"')),
      /conv_out\.bias/,
    ],
    [
      'an unknown block',
      () => withConfig((config) => (config['down_block_types'] as string[]).fill('FoldingBlock2D')),
      /FoldingBlock2D/,
    ],
  ];
  test.each(cases)('%s', async (_, broken, words) => {
    const checkpoint = broken();
    await refused(['one-step', '--checkpoint', checkpoint], words);
    rmSync(checkpoint, { recursive: true });
  });
});

test.each(['campanile', 'campanile-ii'])(
  'model check reads %s whole',
  async (name) => {
    const folder = fileURLToPath(new URL(`../checkpoints/${name}`, import.meta.url));
    const { code, out } = await run('model', 'check', folder);
    expect(out).toMatch(/is whole: \d+ parameters, all finite; one step was run\nfingerprint [0-9a-f]{64}/);
    expect(code).toBe(0);
  },
  60_000,
);

test('a full disk is told, leaves no half picture, and the rerun goes on', async ({ skip }) => {
  const disk = at('disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return skip('a small disk can only be mounted by root');
  }
  try {
    const out = join(disk, 'out');
    const { code, err } = await run('forward', '--t', '1,2,3,4,5,6,7,8', '--out', out);
    expect(err).toMatch(/full|space/);
    expect(err).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
    const pictures = readdirSync(join(out, 'forward'));
    expect(pictures.every((name) => name.endsWith('.png'))).toBe(true);
    for (const name of pictures) await sharp(join(out, 'forward', name)).stats();
    execFileSync('mount', ['-o', 'remount,size=2m', disk]);
    expect((await run('forward', '--t', '1,2,3,4,5,6,7,8', '--out', out)).code).toBe(0);
  } finally {
    execFileSync('umount', [disk]);
  }
});

describe('pictures that work', () => {
  test.each(['photo.png', 'transparent.png', 'rotated.jpg'])('%s', async (name) => {
    const { code, out } = await run('forward', name, '--t', '500', '--out', at('works'));
    expect(code).toBe(0);
    for (const file of out.trim().split('\n'))
      expect(existsSync(join(folder, file)) || existsSync(file)).toBe(true);
  });
});

test('a prompt over 77 tokens is cut with a warning that names what was lost', async () => {
  const prompt = `${'a dog '.repeat(60)}and a lighthouse`;
  const { code, err } = await run('one-step', '--t', '500', '--prompt', prompt, '--out', at('long'));
  expect(err).toMatch(/the model reads 77: ".*lighthouse" was cut off/);
  expect(code).toBe(0);
});

test("the course's file of embeddings becomes safetensors, which stands in for a text encoder", async () => {
  const course = fileURLToPath(new URL('oracle/pth/prompt_embeds_dict.pth', import.meta.url));
  const file = at('prompts.safetensors');
  const { code, out } = await run('embed', '--from', course, '-o', file, '--json');
  expect(code).toBe(0);
  const { prompts } = JSON.parse(out) as { prompts: string[] };
  expect(prompts).toContain('');
  expect((await openPromptFile(file)).prompts).toEqual(prompts);
});

test.each([
  [[], /there is nothing to embed/],
  [['--from', 'prompts.pth', 'a dog'], /a file that is rewritten takes no prompts/],
  [['--from', 'nowhere.pth'], /nowhere\.pth cannot be read/],
])('embed %j is refused in words', async (args, words) => {
  const { code, err } = await run('embed', ...args);
  expect(err).toMatch(words);
  expect(code).toBe(2);
});

describe('parity', () => {
  const oracle = fileURLToPath(new URL('oracle', import.meta.url));

  test('compares the parts that a folder has, and says which it has not', async () => {
    const folder = at('reference');
    cpSync(join(oracle, 'image'), join(folder, 'image'), { recursive: true });
    const { code, out, err } = await run('parity', folder);
    expect(out).toMatch(/^image: grey +0\.00e\+0 {2}of +0e\+0 {2}ok$/m);
    expect(out).toMatch(/all 5 groups agree/);
    expect(err).toMatch(/not compared: there is no .*unet/);
    expect(code).toBe(0);
  });

  test('a group that differs is named, with exit code 1', async () => {
    const folder = at('wrong');
    mkdirSync(join(folder, 'image'), { recursive: true });
    const pixel = (...data: number[]) => ({ data: Float32Array.from(data), shape: [1, 1, 1, 3] });
    await writeSafetensors(join(folder, 'image', 'image.safetensors'), [
      ['post.in', { ...pixel(-1, 0, 1), shape: [1, 3, 1, 1] }],
      ['post.uint8', pixel(0, 128, 254)],
    ]);
    const { code, out } = await run('parity', folder, '--json');
    expect(JSON.parse(out)).toMatchObject({ group: 'image: conversion to 8 bits', ok: false, tolerance: 0 });
    expect(code).toBe(1);
  });

  test.each([
    ['nowhere', /there is no folder nowhere/],
    ['works', /works holds no reference tensors/],
  ])('%s is refused in words', async (folder, words) => {
    mkdirSync(at('works'), { recursive: true });
    const { code, err } = await run('parity', folder);
    expect(err).toMatch(words);
    expect(code).toBe(2);
  });
});

test('a picture carries its recipe, and a rerun uses it again', async () => {
  const first = await run('one-step', '--t', '500', '--json', '--out', at('twice'));
  const figures = first.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { file: string; psnr: number });
  expect(figures).toHaveLength(2);
  const recipe = recipeSchema.parse(readRecipe(readFileSync(figures[1]!.file)));
  expect(recipe).toMatchObject({ experiment: 'one-step', params: { timesteps: [500], seed: 180 } });
  const second = await run('one-step', '--t', '500', '--out', at('twice'));
  expect(second.err).toMatch(/kept from before/);
  const other = await run('one-step', '--t', '500', '--seed', '7', '--out', at('twice'));
  expect(other.err).not.toMatch(/kept from before/);
});

test('Ctrl-C ends after the step under way, with exit code 130', async () => {
  const args = ['sample', 'a dog', '--steps', '1000', '--no-upscale', '--out', at('stopped')];
  const { child, ended } = start(...args);
  await once(child.stderr!, 'data'); // the model is open
  child.kill('SIGINT');
  const { code, err } = await ended;
  expect(err).toMatch(/stopping after this step/);
  expect(code).toBe(130);
}, 120_000);

test('seeds count round, so that each one can be given again', async () => {
  const args = ['sample', 'a hut', '--steps', '1', '--no-upscale', '--json', '--out', at('seeds')];
  const { out } = await run(...args, '--seed', '4294967295', '--count', '2');
  const seeds = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).seed);
  expect(seeds).toEqual([4294967295, 0]);
  expect((await run(...args, '--seed', '0')).err).toMatch(/kept from before/);
});

describe('who reads along may leave', () => {
  const shell = (command: string) => {
    const child = spawn('bash', ['-c', command.replaceAll('campanile', `"${process.execPath}" "${main}"`)], {
      cwd: folder,
    });
    let err = '';
    child.stderr.on('data', (data) => {
      err += data;
    });
    return new Promise<{ code: number | null; err: string }>((resolve) =>
      child.on('close', (code) => resolve({ code, err })),
    );
  };
  const pictures = (name: string) => readdirSync(join(at(name), 'sample')).length;

  test.each([
    [
      'head',
      'set -o pipefail; campanile sample x --steps 1 --no-upscale --count 3 --json --out head | head -1',
    ],
    ['at-once', 'set -o pipefail; campanile sample x --steps 1 --no-upscale --count 3 --out at-once | true'],
    ['both', 'set -o pipefail; campanile sample x --steps 1 --no-upscale --count 3 --out both |& true'],
  ])('a run is finished all the same: %s', async (name, command) => {
    const { code, err } = await shell(command);
    expect(err).not.toMatch(/^\s+at |Error/m);
    expect([code, pictures(name)]).toEqual([0, 3]);
  });

  test.each([['--help | true'], ['sample --help | true'], ['model info | true'], ['--version | true']])(
    'no word and no stack trace: %s',
    async (command) => {
      expect(await shell(`set -o pipefail; campanile ${command}`)).toEqual({ code: 0, err: '' });
    },
  );

  test.skipIf(!existsSync('/dev/full'))('a full disk is told in a sentence, once', async () => {
    const { code, err } = await shell(
      'campanile sample x --steps 1 --no-upscale --count 2 --out full > /dev/full',
    );
    expect(err.match(/could not be written: the disk is full/g)).toHaveLength(1);
    expect(err).not.toMatch(/^\s+at /m);
    expect([code, pictures('full')]).toEqual([2, 2]);
  });
});

test('a rerun into a finished folder writes nothing', async () => {
  const args = ['page', '--only', 'forward', '--out', at('finished')];
  expect((await run(...args)).code).toBe(0);
  const state = () =>
    ['', ...readdirSync(at('finished'), { recursive: true, encoding: 'utf8' })].map(
      (name) => `${name} ${statSync(join(at('finished'), name)).mtimeMs}`,
    );
  const before = state();
  expect((await run(...args)).code).toBe(0);
  expect(state()).toEqual(before);
});
