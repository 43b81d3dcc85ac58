import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { PictureError } from '../errors.ts';
import { encodePng, encodeWithRecipe, readRecipe, readTexts } from './png.ts';

const picture = (width: number, height: number, channels: number, seed = 1) => ({
  width,
  height,
  channels,
  data: Uint8Array.from({ length: width * height * channels }, (_, i) => ((i + seed) * (i >> 3) * 31) & 255),
});

test('sharp reads back the pixels that were written', async () => {
  for (const channels of [1, 3, 4]) {
    const original = picture(37, 21, channels);
    const { data } = await sharp(encodePng(original))
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(Buffer.from(data).equals(Buffer.from(original.data))).toBe(true);
  }
});

test('a recipe comes back, whatever its letters', () => {
  const recipe = {
    experiment: 'x',
    params: { prompt: 'ein Öl­gemälde, 夜, 🚀 "<&>\\u0000"', seed: 2 ** 32 - 1 },
  };
  const png = encodeWithRecipe(picture(8, 8, 3), recipe, 'ein Ölgemälde, seed 180');
  expect(readRecipe(png)).toEqual(recipe);
  expect(readTexts(png).get('parameters')).toBe('ein Ölgemälde, seed 180');
});

test.each(['', 'x'.repeat(80), 'a\0b', 'λ'])('%j is no keyword of a PNG', (keyword) => {
  expect(() => encodePng(picture(4, 4, 3), { [keyword]: 'text' })).toThrow('1 to 79 printable characters');
});

test('any JSON survives', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (recipe) => {
      const text = JSON.stringify(recipe);
      expect(JSON.stringify(readRecipe(encodeWithRecipe(picture(2, 2, 3), recipe, '')))).toBe(text);
    }),
  );
});

test('the same picture and recipe are the same bytes', () => {
  const once = encodeWithRecipe(picture(16, 16, 3), { a: 1 }, 'a');
  expect(encodeWithRecipe(picture(16, 16, 3), { a: 1 }, 'a')).toEqual(once);
  // One compressor everywhere: these bytes are the same on Node, Bun, Deno and in a browser.
  expect(createHash('sha256').update(once).digest('hex')).toBe(
    'b9b90f696a022795f1f30e6e066a59aa245131273333ed2373b73f493b5633b7',
  );
});

test('a PNG without a recipe has none; no PNG is an error', () => {
  expect(readRecipe(encodePng(picture(8, 8, 3)))).toBeUndefined();
  expect(() => readRecipe(Buffer.from('GIF89a'))).toThrow('not a PNG');
});

test('damage is noticed at every byte of the text, and never crashes', () => {
  const png = encodeWithRecipe(picture(8, 8, 3), { prompt: 'a rocket ship' }, 'a rocket ship');
  for (let cut = 8; cut < png.length; cut++)
    expect(() => readRecipe(png.subarray(0, cut))).toThrow('cut off');
  for (let at = 33; at < 110; at++) {
    const bad = Buffer.from(png);
    bad[at]! ^= 0x10;
    expect(() => readRecipe(bad)).toThrow(/damaged|checksum|cut off/);
  }
});

/** A chunk in the place of the texts of a PNG. */
const withTexts = (...texts: Buffer[]) => {
  const png = Buffer.from(encodePng(picture(8, 8, 3)));
  const pixels = png.indexOf('IDAT') - 4;
  return Buffer.concat([png.subarray(0, pixels), ...texts, png.subarray(pixels)]);
};
const chunkOf = (type: string, data: Buffer) => {
  const result = Buffer.alloc(data.length + 12);
  result.writeUInt32BE(data.length, 0);
  result.write(type, 4, 'latin1');
  data.copy(result, 8);
  result.writeUInt32BE(crc32(result.subarray(4, data.length + 8)), data.length + 8);
  return result;
};
const recipe = { experiment: 'sample', params: { prompts: ['ein Ölgemälde, 夜'] } };
const json = Buffer.from(JSON.stringify(recipe));
const keyword = Buffer.from('campanile\0');

test.each([
  ['zTXt', Buffer.concat([keyword, Buffer.of(0), deflateSync(json)])],
  ['tEXt', Buffer.concat([keyword, json])],
  ['iTXt', Buffer.concat([keyword, Buffer.of(0, 0, 0, 0), json])],
  ['iTXt', Buffer.concat([keyword, Buffer.of(1, 0, 0, 0), deflateSync(json)])],
  ['iTXt', Buffer.concat([keyword, Buffer.from('\0\0de\0Übersetzt\0'), json])],
])('a recipe is read from whatever text another program made of it: %s', (type, data) => {
  expect(readRecipe(withTexts(chunkOf(type, data)))).toEqual(recipe);
});

test('Latin-1 is read where it is no UTF-8', () => {
  const text = Buffer.concat([Buffer.from('a\0'), Buffer.from('Öl', 'latin1')]);
  expect(readTexts(withTexts(chunkOf('tEXt', text))).get('a')).toBe('Öl');
});

test.each([
  ['damaged', Buffer.from('no zlib at all')],
  ['cut off', deflateSync(json).subarray(0, 20)],
  ['a gigabyte of nothing', deflateSync(Buffer.alloc(1 << 26))],
])('a packed text that is %s is refused in words', (_, packed) => {
  const png = withTexts(chunkOf('zTXt', Buffer.concat([keyword, Buffer.of(0), packed])));
  expect(() => readRecipe(png)).toThrow(PictureError);
});
