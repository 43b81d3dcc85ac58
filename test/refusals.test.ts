import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as library from '../src/index.ts';
import { zeros } from '../src/tensor/tensor.ts';
import { unseenOf } from './kinds.ts';

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
type Call = readonly [call: (...args: never[]) => unknown, args: readonly unknown[]];
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

const nonsense = [
  10n,
  Number.NaN,
  -7.5,
  null,
  [],
  [Number.NaN],
  {},
  () => 1,
  { size: 64 },
  1e9,
  1e15,
  Symbol('s'),
];
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

const called = async ([call]: Call, given: readonly unknown[]) => call(...(given as never[]));
/** What of nonsense is taken, or refused by an error that is not of our own. */
async function taken(name: string, call: Call): Promise<string[]> {
  const wrong: string[] = [];
  const [, args] = call;
  for (const i of args.keys())
    for (const value of nonsense) {
      const text = typeof value === 'bigint' ? '10n' : String(JSON.stringify(value) ?? typeof value);
      if (typeof value === 'object' && mayBe[name]?.some((may) => JSON.stringify(may) === text)) continue;
      await called(call, args.with(i, value)).then(
        () => wrong.push(`argument ${i + 1} = ${text} is taken`),
        (error) => error instanceof CampanileError || wrong.push(`argument ${i + 1} = ${text}: ${error}`),
      );
    }
  return wrong;
}

test.each(Object.entries(calls))('%s takes what is right', async (_, call) => {
  await called(call, call[1]);
});

unseenOf({
  '21: nonsense is refused by an error of our own': Object.fromEntries(
    Object.entries(calls).map(([name, call]) => [
      name,
      async () => expect(await taken(name, call)).toEqual([]),
    ]),
  ),
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

test('a picture of more values than memory has is refused before memory is asked for', async () => {
  const line = { ...picture, width: 40_000, height: 8, data: new Uint8Array(3 * 8 * 40_000) };
  for (const made of [
    async () => library.resize(picture, 65_535, 65_535),
    async () => library.loadPicture(png, 65_535, 'crop'),
    async () => library.loadPicture(encodePng(line), 64, 'contain'),
    async () => library.contactSheet([picture], { columns: 65_535, width: 65_535 }),
  ])
    await expect(made()).rejects.toThrow('expected one of at most 2147483647 values');
});

test('the size that was an object is told what was expected', async () => {
  await expect(library.loadPicture(png, { size: 64 } as never)).rejects.toMatchObject({
    code: 'argument',
    message: 'size is an object, expected a whole number from 1 to 65535',
  });
});
