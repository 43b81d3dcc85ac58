import { ArgumentError, ShapeError } from '../errors.ts';
import { checkFunction, checkImages, checkNumber, checkObject } from '../tensor/check.ts';
import { TorchGenerator } from '../tensor/random.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { View } from './view.ts';

/** Where the pixel at (y, x) of the result comes from, in a picture of `size` × `size`. */
export type PixelPlace = readonly [y: number, x: number];

/** Where the pixel shown at (y, x) of a picture h high and w wide comes from. */
export type PixelSource = (y: number, x: number, h: number, w: number) => PixelPlace;

/** Which sizes a view takes. */
export interface Fitting {
  /** As in "a square one, [N, C, S, S]". */
  readonly words: string;
  /** Whether it takes pictures so high and wide, in pixels. */
  readonly test: (h: number, w: number) => boolean;
}

/** What a permutation says of itself beside its pixels. */
export interface PermutationOptions {
  /** CSS that shows the turn, where a transform can. */
  readonly css?: string | undefined;
  /** Which pictures it takes, in words and as a condition; any without it. */
  readonly fits?: Fitting | undefined;
}

/**
 * A view that moves pixels: the pixel shown at (y, x) comes from `source(y, x, h, w)`. The learned variance moves along.
 *
 * @param gesture  what the viewer does to see it
 * @throws {ShapeError} later, for a picture that it does not fit
 * @throws {ArgumentError} later, when some pixel of the picture would be shown twice or not at all
 */
export function permutation(
  name: string,
  gesture: string,
  source: PixelSource,
  options: PermutationOptions = {},
): View {
  checkObject('options', options, '{ css, fits }');
  const { css, fits } = options;
  checkFunction('source', source, 'a function (y, x, h, w) => [y, x]');
  const tables = new Map<string, Int32Array>();
  const tableFor = (x: Tensor): Int32Array => {
    checkImages(`picture under the view ${name}`, x);
    const [h, w] = x.shape.slice(-2) as [number, number];
    const key = `${h}x${w}`;
    const known = tables.get(key);
    if (known) return known;
    if (fits && !fits.test(h, w)) throw new ShapeError(`picture under the view ${name}`, x.shape, fits.words);
    const table = placesOf(name, source, h, w);
    tables.set(key, table);
    return table;
  };
  const moved = (x: Tensor, back: boolean): Tensor => {
    const places = tableFor(x);
    const data = new Float32Array(x.data.length);
    for (let plane = 0; plane < data.length; plane += places.length) {
      for (let i = 0; i < places.length; i++) {
        if (back) data[plane + places[i]!] = x.data[plane + i]!;
        else data[plane + i] = x.data[plane + places[i]!]!;
      }
    }
    return { data, shape: x.shape };
  };
  return {
    name,
    gesture,
    css,
    apply: (x) => moved(x, false),
    invert: (x) => moved(x, true),
    invertVariance: (v) => moved(v, true),
  };
}

/** The index of every source, each once: what is no bijection would spread noise that is no noise any more. */
function placesOf(name: string, source: PixelSource, h: number, w: number): Int32Array {
  const places = new Int32Array(h * w);
  const taken = new Uint8Array(h * w);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const [sy, sx] = source(y, x, h, w);
      const place = sy * w + sx;
      if (!(Number.isInteger(sy) && sx >= 0 && sx < w && taken[place] === 0))
        throw new ArgumentError(
          `source of the view ${name} at (${y}, ${x}) of ${h} × ${w}`,
          [sy, sx],
          'a place of the picture that is shown nowhere else',
        );
      taken[place] = 1;
      places[y * w + x] = place;
    }
  }
  return places;
}

/** A view that moves the pixels of squares, from `source(y, x, size)`: rows may become columns. */
export const squarePermutation = (
  name: string,
  gesture: string,
  source: (y: number, x: number, size: number) => PixelPlace,
  css?: string,
): View =>
  permutation(name, gesture, source, {
    css,
    fits: { words: 'a square one, [N, C, S, S]', test: (h, w) => h === w },
  });

/** Along a side: as many as the largest picture has pixels. */
const MOST_BLOCKS = 4096;

/**
 * The blocks of an n × n grid in the order that a seed gives: visual_anagrams' patch_permute, and pixel_permute where a block is a pixel.
 *
 * @see Geng, Park, Owens 2024, arXiv 2311.17919
 * @param n  whole blocks to a side: the picture's side has to be a multiple of it
 */
export function shuffledBlocks(name: string, gesture: string, n: number, seed = 0): View {
  checkNumber('n', n, { min: 1, max: MOST_BLOCKS, whole: true });
  const order = shuffled(n * n, seed);
  return permutation(
    name,
    gesture,
    (y, x, size) => {
      const block = size / n;
      const from = order[Math.floor(y / block) * n + Math.floor(x / block)]!;
      return [Math.floor(from / n) * block + (y % block), (from % n) * block + (x % block)];
    },
    {
      fits: {
        words: `a square one whose side is a multiple of ${n}, for its ${n} × ${n} blocks`,
        test: (h, w) => h === w && h % n === 0,
      },
    },
  );
}

/** 0 … n−1 in the order that a seed gives (Fisher, Yates). */
export function shuffled(n: number, seed: number): number[] {
  const generator = new TorchGenerator(seed);
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = generator.uint32() % (i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
