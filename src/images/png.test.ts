import { createHash } from 'node:crypto';
import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
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
