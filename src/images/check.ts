import { ArgumentError, ShapeError } from '../errors.ts';
import { checkNumber, LONGEST } from '../tensor/check.ts';

/** 8-bit pixels as files and screens hold them: row by row, the channels of a pixel side by side. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 RGB, 4 RGBA. */
  readonly channels: number;
  readonly data: Uint8Array;
}

// What public functions about pictures ask of what they are given; see tensor/check.ts.

/** @throws {ArgumentError} unless `value` is a path, or the bytes of a file */
export function checkSource(value: unknown): asserts value is string | Uint8Array {
  if (value instanceof Uint8Array || (typeof value === 'string' && value !== '')) return;
  throw new ArgumentError('source', value, 'the path of a picture file, or its bytes as a Uint8Array');
}

/** @throws {ArgumentError} unless `value` is a number of pixels */
export const checkPixels = (name: string, value: unknown): void =>
  checkNumber(name, value, { whole: true, min: 1, max: LONGEST });

/** @throws {ArgumentError} unless `bytes` is a Uint8Array */
export function checkBytes(name: string, bytes: unknown): asserts bytes is Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new ArgumentError(name, bytes, 'bytes, a Uint8Array');
}

/**
 * @throws {ArgumentError} unless `value` is a picture
 * @throws {ShapeError} when it has not the values that its size promises
 */
export function expectPicture(name: string, value: unknown): asserts value is Picture {
  const { width, height, channels, data } = (value ?? {}) as Partial<Picture>;
  if (!(data instanceof Uint8Array))
    throw new ArgumentError(name, value, 'a picture, { width, height, channels, data: Uint8Array }');
  checkPixels(`the width of ${name}`, width);
  checkPixels(`the height of ${name}`, height);
  if (channels !== 1 && channels !== 3 && channels !== 4)
    throw new ArgumentError(`channels of ${name}`, channels, '1 (grey), 3 (RGB) or 4 (RGBA)');
  if (data.length !== width! * height! * channels)
    throw new ShapeError(
      name,
      [data.length],
      `${width! * height! * channels} values for ${width} × ${height} × ${channels}`,
    );
}
