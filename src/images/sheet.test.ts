import sharp from 'sharp';
import { expect, test } from 'vitest';
import { contactSheet } from './sheet.ts';
import { turningWebp } from './turning.ts';

const plain = (value: number, size = 8) => ({
  width: size,
  height: size,
  channels: 3,
  data: new Uint8Array(size * size * 3).fill(value),
});

test('a sheet shows each picture in its place', () => {
  const pictures = [10, 20, 30].map((value) => plain(value));
  const sheet = contactSheet(pictures, { columns: 2, width: 16, gap: 4 });
  expect([sheet.width, sheet.height]).toEqual([4 + 2 * 20, 4 + 2 * 20]);
  const at = (x: number, y: number) => sheet.data[3 * (y * sheet.width + x)];
  expect([at(0, 0), at(12, 12), at(32, 12), at(12, 32), at(32, 32)]).toEqual([255, 10, 20, 30, 255]);
});

test('without columns a sheet is one row', () => {
  const { width } = contactSheet(
    [1, 2, 3, 4].map((value) => plain(value)),
    { width: 8, gap: 0 },
  );
  expect(width).toBe(32);
});

test('of no pictures there is no sheet', () => {
  expect(() => contactSheet([])).toThrow('expected a list of pictures, one at least');
});

test('a turning anagram is an endless WebP that begins upright', async () => {
  const webp = await turningWebp(plain(0), plain(255), { steps: 4 });
  const { pages, loop, width } = await sharp(webp).metadata();
  expect({ pages, loop, width }).toEqual({ pages: 8, loop: 0, width: 8 });
  const { data } = await sharp(webp, { page: 0 }).raw().toBuffer({ resolveWithObject: true });
  expect(data[0]).toBeLessThan(3);
});
