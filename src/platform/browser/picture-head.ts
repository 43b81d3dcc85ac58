import { latin1, viewOf } from '../bytes.ts';
import type { PictureFacts } from '../pictures.ts';

/** Reads the first bytes of a picture file, big-endian unless said otherwise. */
type Reader = (view: DataView) => Omit<PictureFacts, 'format'> | undefined;

/** What the formats say of size, frames and colours before anything is unpacked. */
const readers: Readonly<
  Record<string, { readonly starts: (start: string) => boolean; readonly read: Reader }>
> = {
  png: {
    starts: (start) => start.startsWith('\x89PNG\r\n\x1a\n'),
    read: (view) => ({ width: view.getUint32(16), height: view.getUint32(20), frames: 1, isCmyk: false }),
  },
  jpeg: { starts: (start) => start.startsWith('\xff\xd8\xff'), read: readJpeg },
  gif: {
    starts: (start) => /^GIF8[79]a/.test(start),
    read: (view) => ({
      width: view.getUint16(6, true),
      height: view.getUint16(8, true),
      frames: gifFrames(view),
      isCmyk: false,
    }),
  },
  webp: { starts: (start) => /^RIFF.{4}WEBP/s.test(start), read: readWebp },
};

/** @throws {Error} when the head is none of a picture, or cut off */
export function lookAt(file: Uint8Array): PictureFacts {
  const start = latin1(file.subarray(0, 16));
  const [format, reader] = Object.entries(readers).find(([, { starts }]) => starts(start)) ?? [];
  const found = reader?.read(viewOf(file));
  if (format === undefined || !found) throw new Error('its header is corrupt');
  return { format, ...found };
}

/** Segments FF type length(2): the frame header SOF0 … SOF15 holds precision(1) height(2) width(2) components(1). */
function readJpeg(view: DataView): ReturnType<Reader> {
  for (let at = 2; at + 9 < view.byteLength; at += 2 + view.getUint16(at + 2)) {
    const type = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) return undefined;
    const isFrame = type >= 0xc0 && type <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(type);
    if (!isFrame) continue;
    const components = view.getUint8(at + 9);
    return {
      height: view.getUint16(at + 5),
      width: view.getUint16(at + 7),
      frames: 1,
      isCmyk: components === 4,
    };
  }
  return undefined;
}

/** Colour table, then blocks: ',' an image, '!' an extension, each in pieces that say their length and end with one of 0. */
function gifFrames(view: DataView): number {
  const table = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const afterPieces = (from: number): number => {
    let at = from;
    while (at < view.byteLength && view.getUint8(at) > 0) at += 1 + view.getUint8(at);
    return at + 1;
  };
  let at = 13 + table(view.getUint8(10));
  let frames = 0;
  while (at + 10 < view.byteLength) {
    const kind = view.getUint8(at);
    if (kind === 0x2c) {
      frames++;
      at = afterPieces(at + 11 + table(view.getUint8(at + 9)));
    } else if (kind === 0x21) at = afterPieces(at + 2);
    else break;
  }
  return Math.max(1, frames);
}

/** The first chunk is lossy 'VP8 ', lossless 'VP8L', or 'VP8X', which says whether 'ANMF' chunks follow. */
function readWebp(view: DataView): ReturnType<Reader> {
  const kind = latin1(new Uint8Array(view.buffer, view.byteOffset + 12, 4));
  const still = (width: number, height: number) => ({ width, height, frames: 1, isCmyk: false });
  if (kind === 'VP8 ') return still(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
  if (kind === 'VP8L') {
    const bits = view.getUint32(21, true);
    return still((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1);
  }
  if (kind !== 'VP8X') return undefined;
  const uint24 = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 2 ** 16;
  const animated = (view.getUint8(20) & 2) !== 0;
  return { ...still(uint24(24) + 1, uint24(27) + 1), frames: animated ? 2 : 1 };
}
