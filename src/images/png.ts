import { Unzlib, zlibSync } from 'fflate';
import { ArgumentError, PictureError } from '../errors.ts';
import { fromLatin1, joined, latin1, viewOf } from '../platform/bytes.ts';
import { checkObject } from '../tensor/check.ts';
import { checkBytes, expectPicture, type Picture } from './check.ts';

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
export function encodePng(
  picture: Picture,
  texts: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  expectPicture('picture', picture);
  checkObject('texts', texts, 'texts by their keywords');
  for (const keyword of Object.keys(texts))
    if (!KEYWORD.test(keyword))
      throw new ArgumentError('a keyword of the texts', keyword, '1 to 79 printable characters of Latin-1');
  const { width, height, channels, data } = picture;
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header[8] = 8; // bits
  header[9] = COLOUR_TYPES[channels]!;
  return joined(
    SIGNATURE,
    chunk('IHDR', header),
    chunk('sRGB', Uint8Array.of(0)),
    ...Object.entries(texts).map(([keyword, text]) => chunk('iTXt', international(keyword, text))),
    // A compressor of the package's own: those of the platforms give other bytes for the same pixels.
    chunk('IDAT', zlibSync(filtered(data, width * channels, channels), { level: 9 })),
    chunk('IEND', new Uint8Array()),
  );
}

/** PNG (third edition), 11.3.3.1. */
const KEYWORD = /^[\x20-\x7e\xa1-\xff]{1,79}$/;

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
): Uint8Array<ArrayBuffer> =>
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
  checkBytes('png', png);
  const text = readTexts(png).get(keyword);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PictureError('picture-recipe', `the recipe inside the PNG is not JSON`, { cause });
  }
}

/** How the kinds of text chunk are read, from the byte after the keyword on. */
const textReaders: Readonly<Record<string, (data: Uint8Array, at: number) => string>> = {
  tEXt: (data, at) => plainText(data.subarray(at)),
  // Its first byte names the compression; there is one.
  zTXt: (data, at) => plainText(unpacked(data.subarray(at + 1))),
  iTXt: internationalText,
};

/**
 * Keyword → text of every iTXt, tEXt and zTXt chunk; the first of two with the same keyword counts. Programs that save a
 * picture again turn the one into the other.
 */
export function readTexts(png: Uint8Array): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { type, data } of chunks(png)) {
    const read = textReaders[type];
    const end = data.indexOf(0);
    const keyword = latin1(data.subarray(0, Math.max(end, 0)));
    if (read && end >= 1 && !texts.has(keyword)) texts.set(keyword, read(data, end + 1));
  }
  return texts;
}

/**
 * Whether a PNG is an animation (APNG), which decoders show the first frame of without a word; one frame is a still picture.
 * What its chunks say beside that is nobody's concern: a text with a wrong checksum is no damage to the picture.
 */
export const isAnimatedPng = (png: Uint8Array): boolean => {
  for (const { type, data } of chunks(png, { checked: false })) {
    if (type === 'acTL') return data.length >= 4 && viewOf(data).getUint32(0) > 1;
    if (type === 'IDAT') return false;
  }
  return false;
};

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const COLOUR_TYPES: Readonly<Record<number, number>> = { 1: 0, 3: 2, 4: 6 };
/** More text than any recipe has: a packed text that grows beyond it is an attack. */
const LONGEST_TEXT_BYTES = 1 << 20;
const PIECE_BYTES = 1 << 10;

export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, i) => bytes[i] === byte);

function chunk(type: string, data: Uint8Array): Uint8Array {
  const result = joined(new Uint8Array(4), fromLatin1(type), data, new Uint8Array(4));
  viewOf(result).setUint32(0, data.length);
  viewOf(result).setUint32(data.length + 8, crc32(result.subarray(4, data.length + 8)));
  return result;
}

/** What the polynomial makes of each byte. */
const CRC_OF_BYTE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_OF_BYTE[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}

function* chunks(
  png: Uint8Array,
  { checked = true }: { readonly checked?: boolean } = {},
): Generator<{ type: string; data: Uint8Array }> {
  if (!isPng(png)) throw new PictureError('picture-format', 'this is not a PNG file');
  const view = viewOf(png);
  for (let at = 8; at + 12 <= png.length; ) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > png.length) break;
    const type = latin1(png.subarray(at + 4, at + 8));
    if (checked && crc32(png.subarray(at + 4, end)) !== view.getUint32(end)) {
      throw new PictureError(
        'picture-damaged',
        `the PNG's ${JSON.stringify(type)} chunk has a wrong checksum`,
      );
    }
    yield { type, data: png.subarray(at + 8, end) };
    if (type === 'IEND') return;
    at = end + 4;
  }
  throw new PictureError('picture-damaged', 'the PNG is cut off', {
    hint: 'copy or download the file again',
  });
}

/** iTXt: keyword 0, compression flag, compression method, language 0, translated keyword 0, UTF-8 text. */
const international = (keyword: string, text: string): Uint8Array =>
  joined(fromLatin1(`${keyword}\0\0\0\0\0`), new TextEncoder().encode(text));

function internationalText(data: Uint8Array, at: number): string {
  const packed = data[at] === 1;
  const text = data.subarray(data.indexOf(0, data.indexOf(0, at + 2) + 1) + 1);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(packed ? unpacked(text) : text);
}

/** Latin-1 says the standard; UTF-8 is what programs write that know of nothing else. */
function plainText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

/** Piece by piece, so that a text which grows beyond all measure is noticed while it is small. */
function unpacked(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Unzlib((part) => {
    length += part.length;
    if (length > LONGEST_TEXT_BYTES)
      throw new PictureError('picture-recipe', 'the text inside the PNG is longer than any recipe');
    parts.push(part);
  });
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES)
      stream.push(bytes.subarray(at, at + PIECE_BYTES), at + PIECE_BYTES >= bytes.length);
  } catch (cause) {
    if (cause instanceof PictureError) throw cause;
    throw new PictureError('picture-damaged', 'a compressed text inside the PNG is damaged', { cause });
  }
  return joined(...parts);
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
function filtered(data: Uint8Array, line: number, channels: number): Uint8Array {
  const height = data.length / line;
  const result = new Uint8Array((line + 1) * height);
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
