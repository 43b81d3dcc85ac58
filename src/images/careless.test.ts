import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { expect } from 'vitest';
import { unseenOf } from '../../test/kinds.ts';
import { decodePicture } from './codec.ts';

/** Files of careless makers that every viewer shows; those of reports are in codec.test.ts. */

const [width, height] = [96, 64];
const pixels = Buffer.from(Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7919) % 251));
const picture = () => sharp(pixels, { raw: { width, height, channels: 3 } });

const chunk = (type: string, data: Buffer, checksum?: number): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(type, 4, 'latin1');
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(checksum ?? crc32(Buffer.concat([head.subarray(4), data])));
  return Buffer.concat([head, data, tail]);
};
/** Of a PNG: after the header, which takes 33 bytes. */
const withChunks =
  (...chunks: Buffer[]) =>
  (png: Buffer) =>
    Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);
/** Of a JPEG: after its first marker. */
const withSegment =
  (hex: string, text = '') =>
  (jpeg: Buffer) =>
    Buffer.concat([
      jpeg.subarray(0, 2),
      Buffer.from(hex, 'hex'),
      Buffer.from(text, 'latin1'),
      jpeg.subarray(2),
    ]);

const files: [string, 'png' | 'jpeg' | 'gif' | 'webp', (file: Buffer) => Buffer][] = [
  ['a PNG without its end', 'png', (png) => png.subarray(0, -12)],
  ['a PNG with something after its end', 'png', (png) => Buffer.concat([png, Buffer.from('tail')])],
  ['a text with a wrong checksum', 'png', withChunks(chunk('tEXt', Buffer.from('a\0b'), 1))],
  ['a colour profile that is none', 'png', withChunks(chunk('iCCP', Buffer.from('x\0\0junk')))],
  ['EXIF that is none', 'png', withChunks(chunk('eXIf', Buffer.from('junk')))],
  ['an animation of one frame', 'png', withChunks(chunk('acTL', Buffer.from('0000000100000000', 'hex')))],
  ['a chunk that nobody knows', 'png', withChunks(chunk('abCd', Buffer.from('zz')))],
  ['a density of nothing', 'png', withChunks(chunk('pHYs', Buffer.alloc(9)))],
  ['a JPEG without its end', 'jpeg', (jpeg) => jpeg.subarray(0, -2)],
  ['EXIF that is cut off', 'jpeg', withSegment('ffe1000a', 'Exif\0\0XX')],
  ['an empty comment', 'jpeg', withSegment('fffe0002')],
  ['a colour profile of two letters', 'jpeg', withSegment('ffe20012', 'ICC_PROFILE\0\x01\x01XX')],
  ['a GIF without its end', 'gif', (gif) => gif.subarray(0, -1)],
  ['a WebP with something after its end', 'webp', (webp) => Buffer.concat([webp, Buffer.from('tail')])],
];
unseenOf({
  '13: what every viewer shows is decoded': Object.fromEntries(
    files.map(([name, format, change]) => [
      name,
      async () => {
        const file = await picture()
          .toFormat(format, format === 'webp' ? { lossless: true } : { quality: 92 })
          .toBuffer();
        const [plain, changed] = await Promise.all([decodePicture(file), decodePicture(change(file))]);
        expect(Buffer.from(changed.data).equals(Buffer.from(plain.data))).toBe(true);
      },
    ]),
  ),
});
