import { checkKey, checkShape } from '../tensor/check.ts';
import { roundHalfEven } from '../tensor/rounding.ts';
import { checkPixels, expectPicture, type Picture } from './check.ts';

/**
 * Resizing as Pillow 13 does it, bit for bit: the weights are fixed-point numbers of 22 bits, and what the first pass makes
 * is rounded to 8 bits before the second. Scaling down widens the filter, so nothing aliases.
 *
 * @see Pillow, src/libImaging/Resample.c and Geometry.c
 */
export function resize(
  picture: Picture,
  width: number,
  height: number,
  filter: FilterName = 'bicubic',
): Picture {
  expectPicture('picture', picture);
  checkPixels('width', width);
  checkPixels('height', height);
  checkShape('the size', [height, width, picture.channels]);
  if (filter !== 'nearest') checkKey('filter', filter, filters);
  if (filter === 'nearest') return nearest(picture, width, height);
  const passes = [
    (p: Picture) => (p.width === width ? p : horizontal(p, width, filters[filter])),
    (p: Picture) => (p.height === height ? p : vertical(p, height, filters[filter])),
  ];
  // Pillow 13 gets rid of rows first where that is the greater saving; versions before it never do, and differ by a few
  // levels on tall pictures.
  const rowsLost = picture.height - height;
  if (rowsLost > 0 && rowsLost > 2 * (picture.width - width)) passes.reverse();
  return passes.reduce((p, pass) => pass(p), picture);
}

/** Weight of a pixel at distance x from the sampling point; zero from `support` on. */
interface Filter {
  readonly support: number;
  weight(x: number): number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

const filters = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  // Keys's cubic with a = −1/2.
  bicubic: {
    support: 2,
    weight: (x) => {
      const d = Math.abs(x);
      if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
      return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
    },
  },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
} satisfies Record<string, Filter>;

/** Pillow's filters. */
export type FilterName = keyof typeof filters | 'nearest';
export const filterNames: readonly FilterName[] = [...(Object.keys(filters) as FilterName[]), 'nearest'];

const ONE = 2 ** 22;

/** The source pixels that make one result pixel, and their weights · 2²². */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

function taps(from: number, to: number, { support, weight }: Filter): Taps[] {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const reach = support * stretch;
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(from, Math.trunc(centre + reach + 0.5));
    const raw = Array.from({ length: end - first }, (_, k) =>
      weight((k + first - centre + 0.5) * (1 / stretch)),
    );
    const total = raw.reduce((sum, w) => sum + w, 0);
    const weights = raw.map((w) => {
      const fixed = (total === 0 ? w : w / total) * ONE;
      return Math.trunc(fixed + (fixed < 0 ? -0.5 : 0.5));
    });
    return { first, weights };
  });
}

const to8bits = (sum: number): number => Math.min(255, Math.max(0, Math.floor((sum + ONE / 2) / ONE)));

function horizontal(
  { width: from, height, channels, data }: Picture,
  width: number,
  filter: Filter,
): Picture {
  const result = new Uint8Array(width * height * channels);
  const columns = taps(from, width, filter);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (const { first, weights } of columns) {
      const start = (y * from + first) * channels;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += weights[k]! * data[start + k * channels + c]!;
        result[at++] = to8bits(sum);
      }
    }
  }
  return { width, height, channels, data: result };
}

function vertical({ width, height: from, channels, data }: Picture, height: number, filter: Filter): Picture {
  const line = width * channels;
  const result = new Uint8Array(line * height);
  let at = 0;
  for (const { first, weights } of taps(from, height, filter)) {
    for (let x = 0; x < line; x++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * data[(first + k) * line + x]!;
      result[at++] = to8bits(sum);
    }
  }
  return { width, height, channels, data: result };
}

function nearest(
  { width: fromWidth, height: fromHeight, channels, data }: Picture,
  width: number,
  height: number,
): Picture {
  const xs = places(fromWidth, width);
  const ys = places(fromHeight, height);
  const result = new Uint8Array(width * height * channels);
  let at = 0;
  for (const y of ys) {
    for (const x of xs) {
      const from = (y * fromWidth + x) * channels;
      for (let c = 0; c < channels; c++) result[at++] = data[from + c]!;
    }
  }
  return { width, height, channels, data: result };
}

// Pillow adds the step up rather than multiplying; the last bits of that sum decide where a pixel falls.
function places(from: number, to: number): number[] {
  const step = from / to;
  let position = step * 0.5;
  return Array.from({ length: to }, () => {
    const place = Math.trunc(position);
    position += step;
    return Math.min(place, from - 1);
  });
}

/**
 * The size the IF pipelines bring a picture to: the short side is `sampleSize`, the long one the nearest multiple of
 * eight, 8·round(sampleSize/8 · ratio), halves to the even one.
 */
export function pipelineSize(
  width: number,
  height: number,
  sampleSize: number,
): { width: number; height: number } {
  const ratio = width / height;
  if (ratio >= 1) return { width: roundHalfEven((sampleSize / 8) * ratio) * 8, height: sampleSize };
  return { width: sampleSize, height: roundHalfEven(sampleSize / 8 / ratio) * 8 };
}

/**
 * What img2img and inpainting of diffusers do to a picture first: its short side becomes the model's, the long one keeps the
 * shape, to a multiple of 8, by Pillow's bicubic filter.
 *
 * @param sampleSize  of the model, in pixels
 * @throws {ArgumentError} when it is no picture
 * @see diffusers, `resize` in pipelines/deepfloyd_if
 */
export function pipelineResize(picture: Picture, sampleSize: number): Picture {
  expectPicture('picture', picture);
  checkPixels('sampleSize', sampleSize);
  const { width, height } = pipelineSize(picture.width, picture.height, sampleSize);
  return resize(picture, width, height, 'bicubic');
}
