import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as library from '../src/index.ts';
import { zeros } from '../src/tensor/tensor.ts';

/** Whoever calls from JavaScript, or through `any`, is refused at the door, in words. */

const { CampanileError, EMBEDDED, EMBEDDED_II, encodePng } = library;
const picture = { width: 16, height: 16, channels: 3, data: new Uint8Array(16 * 16 * 3).fill(200) };
const png = encodePng(picture);
const x = zeros([1, 3, 8, 8]);
let folder: string;
let models: library.OpenModels;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campanile-refusals-'));
  models = await library.openModels();
});
afterAll(async () => {
  await models.close();
  await rm(folder, { recursive: true });
});

/** What is called how; each argument is then replaced by nonsense. */
type Call = readonly [
  call: (...args: never[]) => unknown,
  args: readonly unknown[],
  free?: readonly number[],
];
const calls: Record<string, Call> = {
  readPicture: [library.readPicture, [png]],
  loadPicture: [library.loadPicture, [png, 64, 'crop']],
  loadMask: [library.loadMask, [png, 64, picture]],
  toPicture: [library.toPicture, [x]],
  fromPicture: [library.fromPicture, [picture]],
  encodePng: [library.encodePng, [picture, { a: 'b' }]],
  readRecipe: [library.readRecipe, [png]],
  resize: [library.resize, [picture, 8, 8, 'bicubic']],
  pipelineResize: [library.pipelineResize, [picture, 64]],
  savePicture: [
    (path: string, image: never) => library.savePicture(path === 'a.png' ? join(folder, path) : path, image),
    ['a.png', x],
  ],
  contactSheet: [library.contactSheet, [[picture], { columns: 2 }]],
  turningWebp: [library.turningWebp, [picture, picture, { steps: 2 }]],
  openModel: [
    (...args) => library.openModel(...(args as never as [string])).then((m) => m.close()),
    [EMBEDDED, {}],
  ],
  openUpscaler: [
    (...args) => library.openUpscaler(...(args as never as [string])).then((m) => m.close()),
    [EMBEDDED_II, { text: EMBEDDED }],
  ],
  openModels: [(...args) => library.openModels(...(args as never as [object])).then((m) => m.close()), [{}]],
  estimator: [
    (prompt: string, image: never, t: number) => models.base.estimator(prompt)(image, t),
    ['a dog', zeros([1, 3, 64, 64]), 500],
  ],
  cleanCaption: [library.cleanCaption, ['a dog']],
  keptInMemory: [library.keptInMemory, ['a model', { 'config.json': png }]],
  tokens: [(prompt: string) => models.base.tokens(prompt), ['a dog']],
  conditioned: [
    (image: never, level: number, noise: never) => models.upscaler!.conditioned(image, level, noise),
    [zeros([1, 3, 64, 64]), 50, library.noiseStream(1, [1, 3, 256, 256])],
  ],
};

const nonsense = [10n, Number.NaN, -7.5, null, [], [Number.NaN], {}, () => 1, { size: 64 }, 1e9, Symbol('s')];
/** Options may be empty, and a bag of others' options is one. */
const mayBe: Record<string, readonly unknown[]> = {
  encodePng: [{}, { size: 64 }],
  contactSheet: [[], {}, { size: 64 }],
  turningWebp: [{}, { size: 64 }],
  keptInMemory: [[], {}],
  openModel: [{}, { size: 64 }],
  openUpscaler: [{}, { size: 64 }],
  openModels: [{}, { size: 64 }],
};

describe.each(Object.entries(calls))('%s', (name, [call, args]) => {
  const called = async (given: readonly unknown[]) => call(...(given as never[]));

  test('takes what is right', async () => {
    await called(args);
  });

  test('refuses nonsense with an error of our own', async () => {
    const wrong: string[] = [];
    for (const i of args.keys())
      for (const value of nonsense) {
        if (
          typeof value === 'object' &&
          mayBe[name]?.some((may) => JSON.stringify(may) === JSON.stringify(value))
        )
          continue;
        await called(args.with(i, value)).then(
          () => wrong.push(`argument ${i + 1} = ${String(JSON.stringify(value) ?? typeof value)} is taken`),
          (error) =>
            error instanceof CampanileError || wrong.push(`argument ${i + 1} = ${typeof value}: ${error}`),
        );
      }
    expect(wrong).toEqual([]);
  });
});

test.each<[string, unknown]>([
  ['threads', 0],
  ['threads', 'two'],
  ['device', 'gpu'],
  ['device', 1],
  ['precision', 'double'],
  ['checkpoint', ''],
  ['checkpoint', 12],
  ['upscaler', {}],
  ['prompts', []],
])('openModels({ %s: %j }) is refused', async (name, value) => {
  await expect(library.openModels({ [name]: value } as never)).rejects.toBeInstanceOf(CampanileError);
});

test('the size that was an object is told what was expected', async () => {
  await expect(library.loadPicture(png, { size: 64 } as never)).rejects.toMatchObject({
    code: 'argument',
    message: 'size is an object, expected a whole number from 1 to 65535',
  });
});
