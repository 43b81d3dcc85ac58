import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { PictureError } from '../errors.ts';
import type { Picture } from './picture.ts';

/**
 * PNG with the recipe inside. Layout of a file, numbers big-endian:
 *
 *     89 50 4E 47 0D 0A 1A 0A
 *     length(4) type(4) data(length) crc32(4)   IHDR, sRGB, iTXt…, IDAT, IEND
 *
 * The texts stand before the pixels, so that a reader finds them without going through the picture. The same picture and
 * texts are the same bytes.
 *
 * @see W3C, PNG (third edition)
 */
export function encodePng(picture: Picture, texts: Readonly<Record<string, string>> = {}): Buffer {
  const { width, height, channels, data } = picture;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits
  header[9] = COLOUR_TYPES[channels]!;
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('sRGB', Buffer.of(0)),
    ...Object.entries(texts).map(([keyword, text]) => chunk('iTXt', international(keyword, text))),
    chunk('IDAT', deflateSync(filtered(data, width * channels, channels), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The keyword under which a recipe stands, and the one that other programs show to people. */
const RECIPE = 'campanile';
const READABLE = 'parameters';
/** Beside the recipe, what the steps looked like on the way: for whoever holds the picture against a new one. */
const TRACE = 'campanile trace';

/** A PNG that can be made again: the recipe as JSON, a line for people, and where it is kept the trace of the steps. */
export const encodeWithRecipe = (
  picture: Picture,
  recipe: unknown,
  readable: string,
  trace?: readonly unknown[],
): Buffer =>
  encodePng(picture, {
    [RECIPE]: JSON.stringify(recipe),
    [READABLE]: readable,
    ...(trace?.length && { [TRACE]: JSON.stringify(trace) }),
  });

/**
 * The recipe of a PNG, or undefined when there is none. It is data from a stranger: validate it before use.
 *
 * @throws {PictureError} when the file is no PNG, is damaged, or the recipe is not JSON
 */
export const readRecipe = (png: Uint8Array): unknown => readJson(png, RECIPE);

/** The trace of a PNG's steps, likewise. */
export const readTrace = (png: Uint8Array): unknown => readJson(png, TRACE);

function readJson(png: Uint8Array, keyword: string): unknown {
  const text = readTexts(png).get(keyword);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PictureError('picture-recipe', `the recipe inside the PNG is not JSON`, { cause });
  }
}

/** Keyword → text of every iTXt and tEXt chunk; the first of two with the same keyword counts. */
export function readTexts(png: Uint8Array): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { type, data } of chunks(png)) {
    if (type !== 'iTXt' && type !== 'tEXt') continue;
    const end = data.indexOf(0);
    const keyword = data.toString('latin1', 0, Math.max(end, 0));
    if (end < 1 || texts.has(keyword)) continue;
    texts.set(keyword, type === 'tEXt' ? data.toString('latin1', end + 1) : internationalText(data, end + 1));
  }
  return texts;
}

/** Whether a PNG is an animation (APNG), which decoders show the first frame of without a word. */
export const isAnimatedPng = (png: Uint8Array): boolean => {
  for (const { type } of chunks(png)) {
    if (type === 'acTL') return true;
    if (type === 'IDAT') return false;
  }
  return false;
};

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const COLOUR_TYPES: Readonly<Record<number, number>> = { 1: 0, 3: 2, 4: 6 };
/** More text than any recipe has: a packed text that grows beyond it is an attack. */
const LONGEST_TEXT_BYTES = 1 << 20;

export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.equals(bytes.subarray(0, 8));

function chunk(type: string, data: Buffer): Buffer {
  const result = Buffer.alloc(data.length + 12);
  result.writeUInt32BE(data.length, 0);
  result.write(type, 4, 'latin1');
  data.copy(result, 8);
  result.writeUInt32BE(crc32(result.subarray(4, data.length + 8)), data.length + 8);
  return result;
}

function* chunks(png: Uint8Array): Generator<{ type: string; data: Buffer }> {
  if (!isPng(png)) throw new PictureError('picture-format', 'this is not a PNG file');
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length) break;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end)) {
      throw new PictureError(
        'picture-damaged',
        `the PNG's ${JSON.stringify(type)} chunk has a wrong checksum`,
      );
    }
    yield { type, data: bytes.subarray(at + 8, end) };
    if (type === 'IEND') return;
    at = end + 4;
  }
  throw new PictureError('picture-damaged', 'the PNG is cut off', {
    hint: 'copy or download the file again',
  });
}

/** iTXt: keyword 0, compression flag, compression method, language 0, translated keyword 0, UTF-8 text. */
const international = (keyword: string, text: string): Buffer =>
  Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'), Buffer.from(text, 'utf8')]);

function internationalText(data: Buffer, at: number): string {
  const packed = data[at] === 1;
  const text = data.subarray(data.indexOf(0, data.indexOf(0, at + 2) + 1) + 1);
  return (packed ? inflateSync(text, { maxOutputLength: LONGEST_TEXT_BYTES }) : text).toString('utf8');
}

type Predictor = (left: number, above: number, corner: number) => number;

/** What each filter type expects of a byte; the difference is stored. */
const predictors: readonly Predictor[] = [
  () => 0,
  (left) => left,
  (_, above) => above,
  (left, above) => (left + above) >> 1,
  (left, above, corner) => {
    const estimate = left + above - corner;
    const [dl, da, dc] = [Math.abs(estimate - left), Math.abs(estimate - above), Math.abs(estimate - corner)];
    return dl <= da && dl <= dc ? left : da <= dc ? above : corner;
  },
];

/** Each line by the filter whose differences, taken as signed bytes, have the smallest sum. */
function filtered(data: Uint8Array, line: number, channels: number): Buffer {
  const height = data.length / line;
  const result = Buffer.alloc((line + 1) * height);
  const candidate = new Uint8Array(line);
  for (let y = 0; y < height; y++) {
    const from = y * line;
    let least = Number.POSITIVE_INFINITY;
    for (const [type, predict] of predictors.entries()) {
      let sum = 0;
      for (let i = 0; i < line; i++) {
        const left = i < channels ? 0 : data[from + i - channels]!;
        const above = y === 0 ? 0 : data[from + i - line]!;
        const corner = i < channels || y === 0 ? 0 : data[from + i - line - channels]!;
        const difference = (data[from + i]! - predict(left, above, corner)) & 0xff;
        candidate[i] = difference;
        sum += difference < 128 ? difference : 256 - difference;
      }
      if (sum >= least) continue;
      least = sum;
      result[y * (line + 1)] = type;
      result.set(candidate, y * (line + 1) + 1);
    }
  }
  return result;
}
