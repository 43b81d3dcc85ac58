import { fromLatin1, joined, latin1 } from '../bytes.ts';
import type { Animation } from '../pictures.ts';

/** A number in so many bytes, little-endian. */
const little = (value: number, bytes: number) =>
  Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) & 0xff);

/** name(4) length(4) content, to an even length. */
const chunk = (name: string, content: Uint8Array) =>
  joined(fromLatin1(name), little(content.length, 4), content, new Uint8Array(content.length % 2));

const ANIMATED = 0x02;
/** Frames replace what was there, and are not laid over it. */
const REPLACES = 0x02;

/**
 * The browser writes still WebP pictures; an animation is their image chunks one after the other.
 *
 * @see https://developers.google.com/speed/webp/docs/riff_container#animation
 */
export async function animatedWebp(animation: Animation): Promise<Uint8Array> {
  const { width, height, frames, delaysMs } = animation;
  const size = joined(little(width - 1, 3), little(height - 1, 3));
  const parts = [chunk('VP8X', joined(little(ANIMATED, 4), size)), chunk('ANIM', new Uint8Array(6))];
  for (const [i, frame] of frames.entries()) {
    const head = joined(new Uint8Array(6), size, little(delaysMs[i] ?? 0, 3), little(REPLACES, 1));
    parts.push(chunk('ANMF', joined(head, await imageChunk(frame, animation))));
  }
  return chunk('RIFF', joined(fromLatin1('WEBP'), ...parts));
}

/** The chunk 'VP8 ' or 'VP8L' of one frame. */
async function imageChunk(rgb: Uint8Array, { width, height, quality }: Animation): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(width, height);
  const image = new ImageData(width, height);
  image.data.fill(255);
  for (let i = 0; i < width * height; i++) image.data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality: quality / 100 });
  if (blob.type !== 'image/webp') throw new Error('this browser writes no WebP pictures');
  const file = new Uint8Array(await blob.arrayBuffer());
  const view = new DataView(file.buffer);
  for (let at = 12; at + 8 <= file.length; ) {
    const name = latin1(file.subarray(at, at + 4));
    const end = at + 8 + view.getUint32(at + 4, true);
    if (name === 'VP8 ' || name === 'VP8L')
      return joined(file.subarray(at, end), new Uint8Array((end - at) % 2));
    at = end + ((end - at) % 2);
  }
  throw new Error('the browser wrote a WebP picture without an image');
}
