import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, refused, run } from './cli-folder.ts';

describe('bad input is refused in words', () => {
  const cases: [string, string[], RegExp][] = [
    ['a missing picture', ['forward', 'nowhere.png'], /there is no picture nowhere\.png/],
    ['a truncated picture', ['forward', 'truncated.png'], /truncated\.png/],
    ['no picture at all', ['forward', 'words.png'], /words\.png/],
    ['a picture of one pixel', ['forward', 'pixel.png'], /1 × 1/],
    ['a picture of 67.5 megapixels', ['forward', 'huge.png'], /9000 × 7500/],
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
    [
      'no second prompt for an anagram',
      ['anagram', 'a dog'],
      /--hidden: none given for 1 prompt\n {2}give one for each/,
    ],
    ['a level twice', ['edit', 'photo.png', 'x', '--i-start', '5,5'], /--i-start: expected each once/],
    ['a site where a file is', ['site', 'photo.png'], /cannot write photo\.png/],
    [
      'how a search that draws nothing again enlarges',
      ['search', 'a', 'b', '--keep', '0', '--noise-level', '9'],
      /--noise-level: it does nothing with --keep 0/,
    ],
    [
      'no mask for a photograph',
      ['inpaint', 'photo.png'],
      /--mask: none given for 1 picture\n .*without any they are the document’s/,
    ],
    [
      'a photograph for a picture that is not used',
      ['forward', 'photo.png', '--image', 'campanile=photo.png'],
      /--image: it does nothing: "campanile" is not among the pictures here\n {2}there are photo\.png/,
    ],
    [
      'a photograph where no section has one',
      ['page', '--only', 'guidance', '--image', 'campanile=photo.png'],
      /--image: it does nothing: .*\n {2}there are none/,
    ],
    ['a prompt twice', ['sample', 'a dog', '--prompt', 'a cat'], /--prompt: "a dog" was given for it too/],
    ['a wording without a place', ['search', '--style', 'oil'], /--style: expected \{\} where the prompt/],
    [
      'steps of a stage that is left out',
      ['sample', '--no-upscale', '--upscale-steps', '3'],
      /--upscale-steps: it does nothing with --no-upscale\n/,
    ],
    ['a seed of the page below zero', ['page', '--seed', '-1'], /--seed: expected at least 0, got -1\n$/],
    ['an output folder without a name', ['forward', '--out', ''], /--out.*expected a folder/],
    ['a port that is none, on starting', ['start', '--port', 'abc'], /--port.*expected a whole number/],
    ['a port that is none', ['serve', '--port', '99999'], /--port.*expected a whole number/],
    ['help for what there is not', ['help', 'blurr'], /unknown command 'blurr'\n\(Did you mean blur\?\)/],
    ['a checkpoint that is not there', ['guidance', '--checkpoint', 'nowhere'], /nowhere/],
    ['an unknown option', ['guidance', '--colour', 'red'], /unknown option/],
    ['an unknown command', ['paint'], /unknown (command|option)/],
  ];
  test.each(cases)('%s', async (_, args, words) => {
    await refused(args, words);
  });

  test('a view that shows pixels twice', async () => {
    writeFileSync(at('twice.json'), '[0,0,1,1]');
    const { code, err } = await run('view', 'twice.json');
    expect(err).toMatch(/<view>: twice\.json is no orthogonal view/);
    expect(code).toBe(2);
  });

  test.each([
    [['serve', '--queue', 'localhost:6379'], /found "localhost:6379"\n {2}write it as redis:/],
    [['serve', '--queue', 'mysql://me:secret@there'], /found mysql:\/\/\n/],
    [['serve', '--queue', 'redis://127.0.0.1:1'], /cannot be reached: connect ECONNREFUSED 127/],
    [['worker', '--queue', 'redis://127.0.0.1:1', '--store', 'store'], /cannot be reached: connect ECONN/],
  ])('a queue that there is not: %j', async (args, words) => {
    const { code, err } = await run(
      ...args,
      '--state',
      at(`state-${args.length}-${args[2]!.length}`),
      ...(args[0] === 'serve' ? ['--port', '0'] : []),
    );
    expect(err).toMatch(words);
    expect(err).not.toMatch(/^\s+at |secret/m);
    expect(code).toBe(2);
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
