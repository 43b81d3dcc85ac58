import { pictureFiles } from '#platform/pictures';
import { type Picture, rgb } from './picture.ts';

/**
 * An animation that dwells on the one picture, passes into the other, dwells, and comes back: an anagram under any view,
 * as a WebP that loops for ever.
 *
 * @param upright, turned  of the same size
 */
export async function turningWebp(
  upright: Picture,
  turned: Picture,
  { steps = 12, stepMs = 50, dwellMs = 1200 } = {},
): Promise<Uint8Array> {
  const [from, to] = [rgb(upright), rgb(turned)];
  const there = Array.from({ length: steps + 1 }, (_, i) =>
    mix(from, to, (1 - Math.cos((Math.PI * i) / steps)) / 2),
  );
  const frames = [...there, ...there.slice(1, -1).reverse()];
  const delaysMs = frames.map((_, i) => (i === 0 || i === steps ? dwellMs : stepMs));
  const { width, height } = from;
  return await pictureFiles.animatedWebp({ width, height, frames, delaysMs, quality: 90 });
}

const mix = (a: Picture, b: Picture, amount: number): Uint8Array =>
  Uint8Array.from(a.data, (v, i) => Math.round(v + amount * (b.data[i]! - v)));
