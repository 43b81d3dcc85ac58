import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { writeSafetensors } from '../src/checkpoint/safetensors.ts';
import { readRecipe } from '../src/images/png.ts';
import { recipeSchema } from '../src/jobs/schemas.ts';
import { openPromptFile } from '../src/text/embeddings.ts';
import { at, folder, main, run, start } from './cli-folder.ts';

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

test.each([
  ['sample', 'a dog', '--steps', '1000', '--no-upscale'],
  ['start', '--once'],
])(
  'Ctrl-C ends %s after the step under way, with exit code 130',
  async (...words) => {
    const { child, ended } = start(...words, '--out', at(`stopped-${words[0]}`));
    await once(child.stderr!, 'data'); // the model is open
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect(err).toMatch(/stopping after this step/);
    expect(code).toBe(130);
  },
  120_000,
);

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

test('campanile pairs lists what was chosen, and then what was tried, each with the command that draws it', async () => {
  const { code, out } = await run('pairs', 'dog', '--json');
  expect(code).toBe(0);
  const listed = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const chosen = listed.map((one) => one.chosen);
  expect(chosen).toEqual(chosen.toSorted((a, b) => Number(b) - Number(a)));
  expect(new Set(chosen)).toEqual(new Set([true, false]));
  for (const { prompts, sides, command } of listed) {
    expect(command).toContain(`campanile illusion "${(prompts ?? sides)[0]}"`);
    expect(command).toMatch(/dog/);
  }
  expect((await run('pairs', 'dog', 'skull')).out).toMatch(
    /a dog \/ a skull, flipped upside down: chosen by an eye\n {2}campanile illusion "a dog" "a skull" --view identity --view flip/,
  );
});
