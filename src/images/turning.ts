import { pictureFiles } from '#platform/pictures';
import { ShapeError } from '../errors.ts';
import { checkNumber, checkObject } from '../tensor/check.ts';
import { expectPicture, type Picture } from './check.ts';
import { rgb } from './picture.ts';

/**
 * An animation that dwells on the one picture, passes into the other, dwells, and comes back: an anagram under any view,
 * as a WebP that loops for ever.
 *
 * @param upright, turned  of the same size
 */
export async function turningWebp(
  upright: Picture,
  turned: Picture,
  options: { readonly steps?: number; readonly stepMs?: number; readonly dwellMs?: number } = {},
): Promise<Uint8Array> {
  checkObject('options', options, 'options, as in { steps: 12 }');
  const { steps = 12, stepMs = 50, dwellMs = 1200 } = options;
  expectPicture('upright', upright);
  expectPicture('turned', turned);
  if (upright.width !== turned.width || upright.height !== turned.height)
    throw new ShapeError(
      'turned',
      [turned.height, turned.width],
      `[${upright.height}, ${upright.width}] like the other`,
    );
  checkNumber('steps', steps, { whole: true, min: 1, max: 1000 });
  checkNumber('stepMs', stepMs, { min: 1, max: 60_000 });
  checkNumber('dwellMs', dwellMs, { min: 1, max: 60_000 });
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
