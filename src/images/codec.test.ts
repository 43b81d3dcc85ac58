import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodePicture } from './codec.ts';
import { loadMask, loadPicture, readPicture } from './load.ts';
import { encodePng } from './png.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campanile-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Red on the left, blue on the right. */
const halves = (width: number, height: number, channels: 3 | 4 = 3, alpha = 255) => {
  const data = new Uint8Array(width * height * channels);
  for (let i = 0; i < width * height; i++) {
    data.set(
      [...(i % width < width / 2 ? [255, 0, 0] : [0, 0, 255]), alpha].slice(0, channels),
      i * channels,
    );
  }
  return sharp(data, { raw: { width, height, channels } });
};
const pixel = ({ width, data }: { width: number; data: Uint8Array }, x: number, y: number) => [
  ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
];

test('PNG, JPEG, WebP and GIF are read by content, whatever the name', async () => {
  for (const bytes of [
    await halves(16, 16).png().toBuffer(),
    await halves(16, 16).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
    await halves(16, 16).webp({ lossless: true }).toBuffer(),
    await halves(16, 16).gif().toBuffer(),
  ]) {
    const path = join(folder, 'no-extension');
    await writeFile(path, bytes);
    const picture = await readPicture(path);
    expect([picture.width, picture.height, picture.channels]).toEqual([16, 16, 3]);
    const [r, g, b] = pixel(picture, 2, 8);
    expect(r).toBeGreaterThan(250);
    expect(g! + b!).toBeLessThan(8);
  }
});

test('grey, palette and 16-bit PNGs become RGB of 8 bits', async () => {
  for (const file of [
    halves(16, 16).greyscale().png(),
    halves(16, 16).png({ palette: true }),
    halves(16, 16).toColourspace('rgb16').png(),
  ]) {
    const picture = await decodePicture(await file.toBuffer());
    expect(picture.channels).toBe(3);
    expect(picture.data).toHaveLength(16 * 16 * 3);
  }
});

test('an EXIF-rotated picture stands upright', async () => {
  const bytes = await halves(32, 16).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer();
  const picture = await decodePicture(bytes);
  expect([picture.width, picture.height]).toEqual([16, 32]);
  expect(pixel(picture, 8, 4)[0]).toBeGreaterThan(240); // red has come to the top
  expect(pixel(picture, 8, 28)[2]).toBeGreaterThan(240);
});

test('a transparent picture lies on white', async () => {
  const clear = await decodePicture(await halves(16, 16, 4, 0).png().toBuffer());
  expect(pixel(clear, 2, 2)).toEqual([255, 255, 255]);
  const half = await decodePicture(await halves(16, 16, 4, 51).png().toBuffer());
  expect(pixel(half, 2, 2)).toEqual([255, 204, 204]);
});

const code = (name: string) => expect.objectContaining({ code: name, exitCode: 2 });

test('a missing picture and a folder are named', async () => {
  await expect(readPicture(join(folder, 'nowhere.png'))).rejects.toEqual(code('picture-missing'));
  await expect(readPicture(folder)).rejects.toThrow('is not a file');
});

test('a truncated picture is an error, not a grey half', async () => {
  const noisy = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251);
  const image = sharp(noisy, { raw: { width: 64, height: 64, channels: 3 } });
  for (const bytes of [
    await image.png().toBuffer(),
    await image.jpeg().toBuffer(),
    await image.webp().toBuffer(),
  ]) {
    const path = join(folder, 'cut');
    await writeFile(path, bytes);
    await truncate(path, bytes.length >> 1);
    await expect(readPicture(path)).rejects.toEqual(code('picture-damaged'));
  }
  await expect(decodePicture(new Uint8Array())).rejects.toThrow('is empty');
});

test('one pixel is too small, seventy million are too many', async () => {
  await expect(decodePicture(await halves(1, 1).png().toBuffer())).rejects.toThrow('1 × 1');
  const blank = sharp({ create: { width: 9000, height: 7500, channels: 3, background: '#888' } });
  await expect(decodePicture(await blank.png().toBuffer())).rejects.toThrow('67.5 million');
});

test('a header that lies about its size does not allocate it', async () => {
  const png = Buffer.from(await halves(16, 16).png().toBuffer());
  png.writeUInt32BE(4000, 16);
  await expect(decodePicture(png)).rejects.toEqual(code('picture-damaged'));
});

test('animations are refused: GIF, WebP and APNG', async () => {
  const frames = [await halves(16, 16).png().toBuffer(), await halves(16, 16).negate().png().toBuffer()];
  const animation = sharp(frames, { join: { animated: true } });
  await expect(decodePicture(await animation.clone().gif().toBuffer())).rejects.toEqual(
    code('picture-animated'),
  );
  await expect(decodePicture(await animation.clone().webp().toBuffer())).rejects.toEqual(
    code('picture-animated'),
  );
  const png = frames[0]!;
  const apng = Buffer.concat([png.subarray(0, 33), actl, png.subarray(33)]);
  await expect(decodePicture(apng)).rejects.toEqual(code('picture-animated'));
});
// acTL: 2 frames, endless; checksum from the PNG specification's algorithm.
const actl = Buffer.from('000000086163544c00000002000000 00f38d9370'.replaceAll(' ', ''), 'hex');

test('CMYK is refused with a way out', async () => {
  const bytes = await halves(16, 16).toColourspace('cmyk').jpeg().toBuffer();
  await expect(decodePicture(bytes)).rejects.toEqual(code('picture-cmyk'));
});

test('an SVG is refused, in disguise too', async () => {
  const svg = Buffer.from(
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"/>',
  );
  await expect(decodePicture(svg)).rejects.toThrow('SVG');
  await expect(decodePicture(Buffer.from('hello'))).rejects.toEqual(code('picture-format'));
});

test('loadPicture takes the square in the middle, or all of it on white', async () => {
  const file = await halves(96, 32).png().toBuffer();
  const x = await loadPicture(file, 32);
  expect(x.shape).toEqual([1, 3, 32, 32]);
  expect([x.data[0], x.data[31]]).toEqual([1, -1]);
  const whole = await loadPicture(file, 96, 'contain');
  expect([0, 1, 2].map((channel) => whole.data[channel * 96 * 96])).toEqual([1, 1, 1]);
});

test('a mask is 0 or 1, and must have the size of its picture', async () => {
  const data = Uint8Array.from({ length: 64 * 64 }, (_, i) => (i % 64 < 32 ? 0 : 255));
  const file = encodePng({ width: 64, height: 64, channels: 1, data });
  const mask = await loadMask(file, 64, { width: 64, height: 64 });
  expect(mask.shape).toEqual([1, 1, 64, 64]);
  expect([mask.data[31], mask.data[32]]).toEqual([0, 1]);
  expect(new Set((await loadMask(file, 24)).data)).toEqual(new Set([0, 1]));
  await expect(loadMask(file, 64, { width: 80, height: 60 })).rejects.toThrow(
    /64 × 64 pixels, expected 80 × 60/,
  );
});

/** A black mask with one white rectangle. */
const maskWith = async (
  width: number,
  height: number,
  rectangle: [x: number, y: number, w: number, h: number],
) => {
  const data = new Uint8Array(width * height);
  const [left, top, w, h] = rectangle;
  for (let y = top; y < top + h; y++) data.fill(255, y * width + left, y * width + left + w);
  return sharp(data, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
};

test.each<[string, [number, number, number, number], number]>([
  ['a line of 12 pixels across a picture of 2000', [0, 990, 2000, 12], 128],
  ['a line of one pixel down it', [999, 0, 1, 2000], 64],
  ['a single pixel in the corner', [1999, 1999, 1, 1], 1],
  ['a dot that lies across four pixels of the model', [999, 999, 2, 2], 4],
])('what is touched may change: %s', async (_, rectangle, count) => {
  const mask = await loadMask(await maskWith(2000, 2000, rectangle), 64);
  expect(mask.data.filter((value) => value === 1)).toHaveLength(count);
  expect(mask.data.every((value) => value === 0 || value === 1)).toBe(true);
});

test('a mask of the size of the model is taken as it is', async () => {
  const mask = await loadMask(await maskWith(64, 64, [10, 20, 3, 4]), 64);
  expect(mask.data.filter((value) => value === 1)).toHaveLength(12);
});

test.each<[string, [number, number, number, number], RegExp]>([
  ['that is black', [0, 0, 0, 0], /black everywhere/],
  ['whose white lies beside the square in the middle', [0, 0, 20, 100], /square in its middle/],
])('a mask %s is refused', async (_, rectangle, words) => {
  const given = loadMask(await maskWith(200, 100, rectangle), 64);
  await expect(given).rejects.toMatchObject({ code: 'mask-empty', message: expect.stringMatching(words) });
});

/** Where the scan of a JPEG begins: the length of its header, then how many components, and after them Ss Se AhAl. */
const scanOf = (jpeg: Buffer) => jpeg.indexOf(Buffer.from('ffda', 'hex'));
const careless: [string, (jpeg: Buffer) => Buffer][] = [
  [
    'a scan that ends its spectral selection with 0',
    (jpeg) => {
      const copy = Buffer.from(jpeg);
      copy[scanOf(jpeg) + 2 + jpeg.readUInt16BE(scanOf(jpeg) + 2) - 2] = 0;
      return copy;
    },
  ],
  [
    'bytes that do not belong before a marker',
    (jpeg) =>
      Buffer.concat([jpeg.subarray(0, scanOf(jpeg)), Buffer.alloc(7, 0), jpeg.subarray(scanOf(jpeg))]),
  ],
  ['bytes after the end', (jpeg) => Buffer.concat([jpeg, Buffer.from('left over')])],
  [
    'a density that says nothing',
    (jpeg) => {
      const copy = Buffer.from(jpeg);
      const jfif = copy.indexOf('JFIF');
      if (jfif > 0) copy.fill(0, jfif + 7, jfif + 12);
      return copy;
    },
  ],
];
test.each(careless)('a careless JPEG is decoded, as every viewer does: %s', async (_, change) => {
  const jpeg = await halves(48, 32).jpeg({ quality: 95 }).toBuffer();
  const [plain, changed] = await Promise.all([decodePicture(jpeg), decodePicture(change(jpeg))]);
  expect(Buffer.from(changed.data).equals(Buffer.from(plain.data))).toBe(true);
});

test('a JPEG that is cut off stays refused', async () => {
  const jpeg = await sharp(await halves(400, 300).png().toBuffer())
    .jpeg()
    .toBuffer();
  for (const share of [0.5, 0.9])
    await expect(decodePicture(jpeg.subarray(0, Math.floor(jpeg.length * share)))).rejects.toMatchObject({
      code: 'picture-damaged',
    });
});
