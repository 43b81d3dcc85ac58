import { files } from '#platform/files';
import { PictureError } from '../errors.ts';
import { isMissing } from '../platform/files.ts';
import { checkKey } from '../tensor/check.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkPixels, checkSource } from './check.ts';
import { decodeMask, decodePicture } from './codec.ts';
import { containSquare, cropSquare, fromPicture, maskFromPicture, type Picture, touched } from './picture.ts';
import { resize } from './resize.ts';

/** A path, or the bytes of a file. */
export type PictureSource = string | Uint8Array;

const MOST_BYTES = 100 * 2 ** 20;

/**
 * A picture file as it is.
 *
 * @throws {ArgumentError} when `source` is neither path nor bytes, or `size` no number of pixels
 * @throws {PictureError} when there is none, or it cannot be used
 */
export async function readPicture(source: PictureSource): Promise<Picture> {
  return decoded(source, decodePicture);
}

async function decoded(source: PictureSource, decode: typeof decodePicture): Promise<Picture> {
  checkSource(source);
  return typeof source === 'string' ? decode(await readBytes(source), source) : decode(source);
}

const fits = { crop: cropSquare, contain: containSquare };
/** How a picture becomes square: 'crop' takes its middle, 'contain' puts all of it on white. */
export type Fit = keyof typeof fits;

/**
 * A picture for the model: made square, and scaled with Pillow's bicubic filter as the course does.
 *
 * @returns [1, 3, size, size] in [-1, 1]
 * @throws {ArgumentError} when `source` is neither path nor bytes, or `size` no number of pixels
 * @throws {PictureError} when there is none, or it cannot be used
 */
export async function loadPicture(source: PictureSource, size: number, fit: Fit = 'crop'): Promise<Tensor> {
  checkPixels('size', size);
  checkKey('fit', fit, fits);
  return fromPicture(square(await readPicture(source), size, fit));
}

/**
 * A mask for the model: white may change or, in a file that is not opaque, what is drawn. Given the picture it belongs to,
 * it must have the same width and height. Scaled down, what is white in part is white.
 *
 * @param like  the picture's size, from `readPicture`
 * @returns [1, 1, size, size], each value 0 or 1
 * @throws {PictureError} when there is none, it cannot be used, it has another size than the picture, or nothing may change
 */
export async function loadMask(
  source: PictureSource,
  size: number,
  like?: { readonly width: number; readonly height: number },
): Promise<Tensor> {
  checkPixels('size', size);
  if (like !== undefined) {
    checkPixels('the width of like', like?.width);
    checkPixels('the height of like', like?.height);
  }
  const mask = await decoded(source, decodeMask);
  if (like && (mask.width !== like.width || mask.height !== like.height)) {
    throw new PictureError(
      'mask-size',
      `the mask has ${mask.width} × ${mask.height} pixels, expected ${like.width} × ${like.height} like the picture`,
      { hint: 'paint the mask on a copy of the picture: white where it may change, black elsewhere' },
    );
  }
  const middle = cropSquare(mask);
  const scaled = middle.width > size ? touched(middle, size, size) : resize(middle, size, size);
  const result = maskFromPicture(scaled);
  if (!result.data.includes(1)) throw nothingToChange(mask, typeof source === 'string' ? source : 'the mask');
  return result;
}

function nothingToChange(mask: Picture, name: string): PictureError {
  if (!maskFromPicture(mask).data.includes(1))
    return new PictureError('mask-empty', `${name} is black everywhere: nothing may change`, {
      hint: 'paint white where the picture may change',
    });
  return new PictureError(
    'mask-empty',
    `${name} is white only outside the square in its middle, which is what the model sees`,
    {
      hint: 'cut picture and mask to a square around what should change',
    },
  );
}

const square = (picture: Picture, size: number, fit: Fit): Picture => resize(fits[fit](picture), size, size);

async function readBytes(address: string): Promise<Uint8Array> {
  try {
    const opened = await files.open(address);
    try {
      if (opened.bytes <= MOST_BYTES) return await opened.read(0, opened.bytes);
      const message = `${address} has ${Math.round(opened.bytes / 2 ** 20)} MiB, expected at most ${MOST_BYTES / 2 ** 20}`;
      throw new PictureError('picture-large', message);
    } finally {
      await opened.close();
    }
  } catch (cause) {
    if (cause instanceof PictureError) throw cause;
    if (isMissing(cause))
      throw new PictureError('picture-missing', `there is no picture ${address}`, {
        hint: 'check the path',
        cause,
      });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PictureError('picture-missing', `cannot read ${address}: ${why}`, { cause });
  }
}
