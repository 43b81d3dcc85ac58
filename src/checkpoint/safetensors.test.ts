import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CampanileError } from '../errors.ts';
import { openSafetensors, parseHeader, readSafetensors, writeSafetensors } from './safetensors.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campanile-safetensors-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Reads a file made of a header and some bytes. */
const parse = (header: unknown, dataBytes: number) => {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  return parseHeader(json, 8 + json.length + dataBytes, 'file');
};
const f32 = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
});
const refused = (header: unknown, dataBytes: number, code: string) =>
  expect(() => parse(header, dataBytes)).toThrow(expect.objectContaining({ code }));

test('what is written is read again, bit for bit', async () => {
  const file = join(folder, 'a.safetensors');
  const a = { data: Float32Array.of(1.5, -2, 3e-20, 4e20, 0, -0), shape: [2, 3] };
  const halves = {
    dtype: 'F16' as const,
    shape: [2],
    bytes: new Uint8Array(Uint16Array.of(0x3c00, 0xc500).buffer),
  };
  await writeSafetensors(
    file,
    [
      ['a', a],
      ['halves', halves],
      ['none', { data: new Float32Array(0), shape: [0] }],
    ],
    { made: 'here' },
  );
  const back = await readSafetensors(file);
  expect(back.get('a')).toEqual(a);
  expect([...back.get('halves')!.data]).toEqual([1, -5]);
  expect((await openSafetensors(file)).metadata).toEqual({ made: 'here' });
});

test('a file that stops early is refused, wherever it stops', async () => {
  const file = join(folder, 'whole.safetensors');
  await writeSafetensors(file, [['a', { data: new Float32Array(9), shape: [3, 3] }]]);
  const whole = await readFile(file);
  for (let length = 0; length < whole.length; length += 5) {
    await writeFile(join(folder, 'cut.safetensors'), whole.subarray(0, length));
    await expect(openSafetensors(join(folder, 'cut.safetensors'))).rejects.toMatchObject({
      code: 'truncated',
    });
  }
});

test('a pointer of Git LFS is called one', async () => {
  const file = join(folder, 'pointer.safetensors');
  await writeFile(file, 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 28513468\n');
  await expect(openSafetensors(file)).rejects.toMatchObject({
    code: 'header',
    message: expect.stringContaining('Git LFS'),
    hint: expect.stringContaining('git lfs pull'),
  });
});

test('a header of 2^63 bytes is refused before anything is allocated', async () => {
  const file = join(folder, 'huge.safetensors');
  await writeFile(file, Buffer.from([0, 0, 0, 0, 0, 0, 0, 0x80, 0x7b, 0x7d]));
  await expect(openSafetensors(file)).rejects.toThrow('9223372036854775808 bytes');
});

test('overlapping ranges, gaps and bytes of nobody are refused', () => {
  refused({ a: f32(0, 8), b: f32(4, 12) }, 12, 'tensor-range');
  refused({ a: f32(0, 8), b: f32(0, 8) }, 8, 'tensor-range');
  refused({ a: f32(0, 8), b: f32(12, 16) }, 16, 'tensor-range');
  refused({ a: f32(0, 8) }, 9, 'tensor-range');
  refused({ a: f32(0, 8) }, 7, 'truncated');
});

test('a name that stands twice is refused, even in another spelling', () => {
  const entry = JSON.stringify(f32(0, 4));
  refused(`{"a":${entry},"a":${entry}}`, 4, 'duplicate-name');
  refused(`{"a":${entry},"\\u0061":${entry}}`, 4, 'duplicate-name');
  expect(parse(`{"a\\"}{":${entry}}`, 4).tensors.size).toBe(1);
});

test('a range that does not fit its shape is refused', () => {
  refused({ a: f32(0, 8, [3]) }, 8, 'tensor-size');
  refused({ a: f32(8, 0, [2]) }, 8, 'tensor-size');
  refused({ a: f32(0, 8, [2 ** 40, 2 ** 40]) }, 8, 'tensor-size');
});

test.each([
  ['not json', '{"a"', 'header'],
  ['a list', '[]', 'header'],
  ['an unknown type', { a: { dtype: 'F99', shape: [1], data_offsets: [0, 4] } }, 'header'],
  [
    'a name of Object.prototype as type',
    { a: { dtype: 'constructor', shape: [1], data_offsets: [0, 4] } },
    'header',
  ],
  ['a negative size', { a: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }, 'header'],
  ['offsets that are no numbers', { a: { dtype: 'F32', shape: [1], data_offsets: ['0', '4'] } }, 'header'],
  ['metadata that are no texts', { __metadata__: { a: 1 } }, 'header'],
])('a header with %s is refused', (_, header, code) => refused(header, 4, code));

test('no header crashes the reader: it is read, or refused with a code', () => {
  const anything = fc.oneof(
    fc.json(),
    fc.string(),
    fc.json().map((json) => `{"a":${json}}`),
  );
  fc.assert(
    fc.property(anything, fc.nat(64), (text, dataBytes) => {
      try {
        parse(text, dataBytes);
      } catch (error) {
        expect(error).toBeInstanceOf(CampanileError);
      }
    }),
    { numRuns: 500 },
  );
});
