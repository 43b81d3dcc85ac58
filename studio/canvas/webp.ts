/**
 * Still WebP files → an animated one, by wrapping their pixels anew. Numbers little-endian:
 *
 *     "RIFF" size "WEBP"
 *       "VP8X" flags(1) 0(3) width−1(3) height−1(3)
 *       "ANIM" background(4) loops(2)            0: for ever
 *       "ANMF" x/2(3) y/2(3) width−1(3) height−1(3) duration(3) flags(1)  + the frame's own "VP8 " or "VP8L"
 *
 * @see RFC 9649, WebP Image Format
 */
export function animatedWebp(
  stills: readonly Uint8Array[],
  {
    width,
    height,
    durationsMs,
  }: { readonly width: number; readonly height: number; readonly durationsMs: readonly number[] },
): Blob {
  const frames = stills.map((still, i) =>
    chunk('ANMF', [
      uint24(0),
      uint24(0),
      uint24(width - 1),
      uint24(height - 1),
      uint24(durationsMs[i] ?? 100),
      bytes(NO_BLENDING),
      ...pixelChunks(still),
    ]),
  );
  const body = [
    ascii('WEBP'),
    chunk('VP8X', [bytes(ANIMATED), uint24(0), uint24(width - 1), uint24(height - 1)]),
    chunk('ANIM', [bytes(255, 255, 255, 255), bytes(0, 0)]),
    ...frames,
  ].map(joined);
  return new Blob([joined([ascii('RIFF'), uint32(sizeOf(body)), ...body])], { type: 'image/webp' });
}

const ANIMATED = 0b10;
const NO_BLENDING = 0b10;

type Bytes = Uint8Array<ArrayBuffer>;

/** The chunks of a still file that hold pixels, headers included. */
function pixelChunks(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found: Uint8Array[] = [];
  for (let at = 12; at + 8 <= file.length; ) {
    const name = String.fromCharCode(...file.subarray(at, at + 4));
    const end = at + 8 + even(view.getUint32(at + 4, true));
    if (['VP8 ', 'VP8L', 'ALPH'].includes(name)) found.push(file.subarray(at, end));
    at = end;
  }
  return found;
}

const even = (size: number): number => size + (size % 2);
const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0);

function joined(parts: Uint8Array | readonly Uint8Array[]): Bytes {
  const list = parts instanceof Uint8Array ? [parts] : parts;
  const all = new Uint8Array(sizeOf(list));
  let at = 0;
  for (const part of list) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function chunk(name: string, parts: readonly Uint8Array[]): Bytes {
  const size = sizeOf(parts);
  return joined([ascii(name), uint32(size), ...parts, new Uint8Array(size % 2)]);
}

const ascii = (text: string): Bytes => Uint8Array.from(text, (c) => c.charCodeAt(0));
const bytes = (...values: number[]): Bytes => Uint8Array.from(values);
const uint24 = (value: number): Bytes => bytes(value & 255, (value >> 8) & 255, (value >> 16) & 255);
const uint32 = (value: number): Bytes =>
  bytes(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255);
