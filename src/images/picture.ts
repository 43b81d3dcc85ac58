import { NumericError, ShapeError } from '../errors.ts';
import { checkShape, checkTensor } from '../tensor/check.ts';
import { roundHalfEven } from '../tensor/rounding.ts';
import { findNonFinite, sizeOf, type Tensor } from '../tensor/tensor.ts';
import { expectPicture, type Picture } from './check.ts';

export type { Picture };

/**
 * [1, C, H, W] in [-1, 1] → 8 bits, by the rule of diffusers' pipelines:
 *
 *     round-half-even(255 · clamp(x/2 + 1/2, 0, 1)), each operation in float32
 *
 * @throws {ShapeError} unless it is a single picture of 1 or 3 channels; {NumericError} when a value is no number
 */
export function toPicture(x: Tensor): Picture {
  checkTensor('picture', x);
  const [n, channels, height, width] = x.shape as [number, number, number, number];
  if (x.shape.length !== 4 || n !== 1 || (channels !== 1 && channels !== 3)) {
    throw new ShapeError(
      'picture',
      x.shape,
      '[1, 3, H, W] or [1, 1, H, W]',
      'take one picture of a batch with row(batch, i)',
    );
  }
  const broken = findNonFinite(x);
  if (broken >= 0)
    throw new NumericError('not-finite', `picture: value ${broken} of ${x.data.length} is ${x.data[broken]}`);
  const plane = height * width;
  const data = new Uint8Array(plane * channels);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < plane; i++) {
      const unit = Math.min(1, Math.max(0, Math.fround(x.data[c * plane + i]! / 2 + 0.5)));
      data[i * channels + c] = roundHalfEven(Math.fround(unit * 255));
    }
  }
  return { width, height, channels, data };
}

/**
 * 8 bits → [1, C, H, W] in [-1, 1]: v/127.5 − 1, in float32 like the pipelines.
 *
 * @throws {ArgumentError} when it is no picture
 */
export function fromPicture(picture: Picture): Tensor {
  expectPicture('picture', picture);
  const { width, height, channels, data } = picture;
  const shape = [1, channels, height, width];
  const values = new Float32Array(sizeOf(shape));
  const plane = height * width;
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < plane; i++) values[c * plane + i] = Math.fround(data[i * channels + c]! / 127.5) - 1;
  }
  return { data: values, shape };
}

/** Light above one half may change (1), the rest is kept (0): [1, 1, H, W]. */
export function maskFromPicture(picture: Picture): Tensor {
  const { width, height, data } = grey(picture);
  return { data: Float32Array.from(data, (v) => (v / 255 >= 0.5 ? 1 : 0)), shape: [1, 1, height, width] };
}

/**
 * A mask at another size, where a pixel touched is a pixel to change: each value is the brightest under it. A line of one
 * pixel is still one after a picture of 4000 has become one of 64.
 *
 * @param mask  no smaller than `width` × `height`
 */
export function touched(mask: Picture, width: number, height: number): Picture {
  const light = grey(mask);
  const data = new Uint8Array(width * height);
  for (let y = 0; y < light.height; y++) {
    const row = Math.floor((y * height) / light.height) * width;
    for (let x = 0; x < light.width; x++) {
      const at = row + Math.floor((x * width) / light.width);
      data[at] = Math.max(data[at]!, light.data[y * light.width + x]!);
    }
  }
  return { width, height, channels: 1, data };
}

/** A mask as a picture: white may change. */
export const pictureOfMask = (mask: Tensor): Picture => {
  const [height, width] = mask.shape.slice(-2) as [number, number];
  return { width, height, channels: 1, data: Uint8Array.from(mask.data, (m) => roundHalfEven(m * 255)) };
};

/** Pillow's convert("L"): (19595·R + 38470·G + 7471·B + 2¹⁵) / 2¹⁶, the luma of ITU-R 601. */
export function grey({ width, height, channels, data }: Picture): Picture {
  if (channels === 1) return { width, height, channels, data };
  const light = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < light.length; i++, at += channels) {
    light[i] = (19595 * data[at]! + 38470 * data[at + 1]! + 7471 * data[at + 2]! + 0x8000) >> 16;
  }
  return { width, height, channels: 1, data: light };
}

/** One or three channels → three. */
export function rgb(picture: Picture): Picture {
  if (picture.channels === 3) return picture;
  const { width, height } = picture;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.fill(picture.data[i]!, 3 * i, 3 * i + 3);
  return { width, height, channels: 3, data };
}

/** RGBA laid on white paper. */
export function overWhite({ width, height, data }: Picture): Picture {
  const result = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const alpha = data[4 * i + 3]!;
    for (let c = 0; c < 3; c++) {
      result[3 * i + c] = Math.round((data[4 * i + c]! * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return { width, height, channels: 3, data: result };
}

/** The rectangle of the given size whose upper left corner is at (left, top). */
export function crop(picture: Picture, left: number, top: number, width: number, height: number): Picture {
  const { channels } = picture;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * channels;
    data.set(picture.data.subarray(from, from + width * channels), y * width * channels);
  }
  return { width, height, channels, data };
}

/** The largest square in the middle. */
export function cropSquare(picture: Picture): Picture {
  const side = Math.min(picture.width, picture.height);
  if (picture.width === picture.height) return picture;
  return crop(picture, (picture.width - side) >> 1, (picture.height - side) >> 1, side, side);
}

/** The smallest square around it, white where the picture is not. */
export function containSquare(picture: Picture): Picture {
  const { width, height, channels } = picture;
  const side = Math.max(width, height);
  checkShape('the square around the picture', [side, side, channels]);
  const data = new Uint8Array(side * side * channels).fill(255);
  const left = (side - width) >> 1;
  const top = (side - height) >> 1;
  for (let y = 0; y < height; y++) {
    const line = picture.data.subarray(y * width * channels, (y + 1) * width * channels);
    data.set(line, ((top + y) * side + left) * channels);
  }
  return { width: side, height: side, channels, data };
}
