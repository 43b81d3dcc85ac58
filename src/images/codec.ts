import sharp, { type Sharp } from 'sharp';
import { PictureError } from '../errors.ts';
import { overWhite, type Picture } from './picture.ts';
import { isAnimatedPng, isPng } from './png.ts';

/** Pixels beyond which a picture is refused before it is unpacked: a megabyte of PNG can hold a gigabyte of them. */
export const MOST_PIXELS = 4096 * 4096;
/** Sides below which there is nothing to see. */
export const SHORTEST_SIDE = 8;

/** Files are known by their first bytes, never by their names, and only these reach the decoder. */
const formats: readonly { readonly name: string; readonly is: (head: Buffer) => boolean }[] = [
  { name: 'png', is: isPng },
  { name: 'jpeg', is: (head) => head.subarray(0, 3).toString('hex') === 'ffd8ff' },
  { name: 'webp', is: (head) => /^RIFF....WEBP/s.test(head.toString('latin1', 0, 12)) },
  { name: 'gif', is: (head) => /^GIF8[79]a/.test(head.toString('latin1', 0, 6)) },
];
const EXPECTED = 'PNG, JPEG, WebP or GIF';

/**
 * A picture file as 8-bit RGB: turned as its EXIF orientation says, laid on white where it is transparent, in sRGB.
 *
 * @param name  what to call it in messages
 * @throws {PictureError} when it is no picture, is damaged, animated, CMYK, too small or too large
 */
export async function decodePicture(bytes: Uint8Array, name = 'the picture'): Promise<Picture> {
  const image = await guardedImage(bytes, name);
  const { data, info } = await damagedUnless(
    name,
    image.ensureAlpha().raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }),
  );
  return overWhite({ width: info.width, height: info.height, channels: 4, data });
}

/**
 * A picture file for sharp to go on with, once its head has been looked at: upright, in sRGB, not yet unpacked.
 *
 * @throws {PictureError} as `decodePicture`, which also finds what is damaged further in
 */
export async function guardedImage(bytes: Uint8Array, name = 'the picture'): Promise<Sharp> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const format = formats.find(({ is }) => is(file));
  if (!format) throw unknownFormat(file, name);
  const image = sharp(file, { limitInputPixels: false, pages: 1, failOn: 'warning' }).timeout({
    seconds: 10,
  });
  const { width, height, pages, space, format: seen } = await damagedUnless(name, image.metadata());
  if (seen !== format.name)
    throw new PictureError('picture-format', `${name} is ${seen} inside a ${format.name} file`);
  if ((pages ?? 1) > 1 || (format.name === 'png' && isAnimatedPng(file))) {
    throw new PictureError('picture-animated', `${name} is animated, expected a still picture`, {
      hint: 'save one of its frames as PNG',
    });
  }
  if (space === 'cmyk') {
    throw new PictureError('picture-cmyk', `${name} has the printing colours CMYK, expected RGB or grey`, {
      hint: 'convert it to sRGB first, for example: magick in.jpg -colorspace sRGB out.jpg',
    });
  }
  checkSize(width, height, name);
  return image.autoOrient().toColourspace('srgb');
}

function checkSize(width: number, height: number, name: string): void {
  if (width * height > MOST_PIXELS) {
    const found = `${name} has ${width} × ${height} = ${((width * height) / 1e6).toFixed(1)} million pixels`;
    throw new PictureError(
      'picture-large',
      `${found}, expected at most ${(MOST_PIXELS / 1e6).toFixed(1)} million`,
      {
        hint: 'scale it down: the model works on small pictures anyway',
      },
    );
  }
  if (Math.min(width, height) < SHORTEST_SIDE) {
    throw new PictureError(
      'picture-small',
      `${name} has ${width} × ${height} pixels, expected at least ${SHORTEST_SIDE} × ${SHORTEST_SIDE}`,
    );
  }
}

function unknownFormat(file: Buffer, name: string): PictureError {
  if (file.length === 0) return new PictureError('picture-damaged', `${name} is empty`);
  const svg = /<svg|<\?xml/i.test(file.toString('latin1', 0, 1000));
  return new PictureError(
    'picture-format',
    `${name} is ${svg ? 'an SVG drawing' : 'no picture known here'}, expected ${EXPECTED}`,
    {
      hint: svg ? 'export it as PNG: an SVG can read other files' : 'save it as PNG',
    },
  );
}

/** The first line of what sharp says, without the part of libvips that says it. */
function reasonOf(cause: unknown): string {
  const [said = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return said
    .replace(/^\w*vips\w*: /i, '')
    .replace(/^input (buffer|file) has corrupt header/i, 'its header is corrupt')
    .replace(/[\s:]+$/, '');
}

/** What sharp reports becomes a `picture-damaged`. */
export async function damagedUnless<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new PictureError('picture-damaged', `${name} is damaged or cut off: ${reasonOf(cause)}`, {
      hint: 'open it in a viewer to see what is left of it, or copy it again',
      cause,
    });
  }
}
