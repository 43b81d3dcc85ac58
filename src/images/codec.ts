import { pictureFiles } from '#platform/pictures';
import { PictureError } from '../errors.ts';
import { latin1 } from '../platform/bytes.ts';
import { overWhite, type Picture } from './picture.ts';
import { isAnimatedPng, isPng } from './png.ts';

/**
 * Pixels beyond which a picture is refused before it is unpacked: a megabyte of PNG can hold a gigabyte of them. What phones
 * take has up to fifty million.
 */
export const MOST_PIXELS = 8192 * 8192;
/** Sides below which there is nothing to see. */
export const SHORTEST_SIDE = 8;

/** Files are known by their first bytes, never by their names, and only these reach the decoder. */
const formats: readonly { readonly name: string; readonly is: (file: Uint8Array) => boolean }[] = [
  { name: 'png', is: isPng },
  { name: 'jpeg', is: (file) => latin1(file.subarray(0, 3)) === '\xff\xd8\xff' },
  { name: 'webp', is: (file) => /^RIFF....WEBP/s.test(latin1(file.subarray(0, 12))) },
  { name: 'gif', is: (file) => /^GIF8[79]a/.test(latin1(file.subarray(0, 6))) },
];
const EXPECTED = 'PNG, JPEG, WebP or GIF';

/**
 * A picture file as 8-bit RGB: turned as its EXIF orientation says, laid on white where it is transparent, in sRGB.
 *
 * @param name  what to call it in messages
 * @throws {PictureError} when it is no picture, is damaged, animated, CMYK, too small or too large
 */
export async function decodePicture(file: Uint8Array, name = 'the picture'): Promise<Picture> {
  await checkPicture(file, name);
  return overWhite({ ...(await damagedUnless(name, pictureFiles.unpack(file))), channels: 4 });
}

/**
 * A mask file: where it is not opaque, its alpha is the mask (what is drawn may change); otherwise its light, as RGB.
 *
 * @throws {PictureError} as `decodePicture`
 */
export async function decodeMask(file: Uint8Array, name = 'the mask'): Promise<Picture> {
  await checkPicture(file, name);
  const { width, height, data } = await damagedUnless(name, pictureFiles.unpack(file));
  const alpha = data.filter((_, i) => i % 4 === 3);
  if (alpha.some((value) => value < 255)) return { width, height, channels: 1, data: alpha };
  return overWhite({ width, height, channels: 4, data });
}

/**
 * Looks at the head of a picture file, before any of it is unpacked.
 *
 * @throws {PictureError} as `decodePicture`, which also finds what is damaged further in
 */
export async function checkPicture(file: Uint8Array, name = 'the picture'): Promise<void> {
  const format = formats.find(({ is }) => is(file));
  if (!format) throw unknownFormat(file, name);
  const {
    width,
    height,
    frames,
    isCmyk,
    format: seen,
  } = await damagedUnless(name, pictureFiles.lookAt(file));
  if (seen !== format.name)
    throw new PictureError('picture-format', `${name} is ${seen} inside a ${format.name} file`);
  if (frames > 1 || (format.name === 'png' && isAnimatedPng(file))) {
    throw new PictureError('picture-animated', `${name} is animated, expected a still picture`, {
      hint: 'save one of its frames as PNG',
    });
  }
  if (isCmyk) {
    throw new PictureError('picture-cmyk', `${name} has the printing colours CMYK, expected RGB or grey`, {
      hint: 'convert it to sRGB first, for example: magick in.jpg -colorspace sRGB out.jpg',
    });
  }
  checkSize(width, height, name);
}

/** Whether a file begins as a picture does that can be read here. */
export const isPicture = (file: Uint8Array): boolean => formats.some(({ is }) => is(file));

/** @throws {PictureError} when there are too many pixels, or too few of them in a row */
export function checkSize(width: number, height: number, name: string): void {
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

function unknownFormat(file: Uint8Array, name: string): PictureError {
  if (file.length === 0) return new PictureError('picture-damaged', `${name} is empty`);
  const svg = /<svg|<\?xml/i.test(latin1(file.subarray(0, 1000)));
  return new PictureError(
    'picture-format',
    `${name} is ${svg ? 'an SVG drawing' : 'no picture known here'}, expected ${EXPECTED}`,
    {
      hint: svg ? 'export it as PNG: an SVG can read other files' : 'save it as PNG',
    },
  );
}

/** The first line of what the decoder says, without the part of libvips that says it. */
function reasonOf(cause: unknown): string {
  const [said = ''] = (cause instanceof Error ? cause.message : String(cause)).slice(0, 300).split('\n');
  return said
    .replace(/^\w*vips\w*: /i, '')
    .replace(/^input (buffer|file) has corrupt header/i, 'its header is corrupt')
    .replace(/[\s:]+$/, '');
}

/** What the decoder reports becomes a `picture-damaged`. */
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
