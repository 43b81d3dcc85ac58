import { ShapeError } from '../errors.ts';
import { TorchGenerator } from '../tensor/random.ts';
import { map, mean, type Tensor } from '../tensor/tensor.ts';
import { meanVariance, type NoiseEstimator } from './estimator.ts';

/**
 * An orthogonal map of the picture: invert(apply(x)) = x, and lengths are kept, so that noise stays noise. The learned
 * variance has places but no direction: permutations move it, signs leave it alone.
 */
export interface View {
  readonly name: string;
  /** What the viewer does to see it, as the page says it. */
  readonly gesture: string;
  /** CSS that shows the turn, where a transform can. */
  readonly css?: string | undefined;
  apply(x: Tensor): Tensor;
  invert(x: Tensor): Tensor;
  invertVariance(v: Tensor): Tensor;
}

/**
 * One picture, several prompts, each seen through its view: visual anagrams.
 *
 *     ε = mean over i of viewᵢ⁻¹(εᵢ(viewᵢ(x_t), t))
 *
 * @see Geng, Park, Owens 2024, "Visual Anagrams", arXiv 2311.17919, eq. 4
 */
export function averageViews(...views: readonly (readonly [View, NoiseEstimator])[]): NoiseEstimator {
  return async (x, t) => {
    const estimates = await Promise.all(
      views.map(async ([view, estimator]) => {
        const { noise, variance } = await estimator(view.apply(x), t);
        return { noise: view.invert(noise), variance: variance && view.invertVariance(variance) };
      }),
    );
    return { noise: mean(estimates.map((e) => e.noise)), variance: meanVariance(estimates) };
  };
}

type Place = readonly [y: number, x: number];

/** A view that moves pixels: the pixel shown at (y, x) comes from `source(y, x, h, w)`. */
function permutation(
  name: string,
  gesture: string,
  source: (y: number, x: number, h: number, w: number) => Place,
  css?: string,
): View {
  const tables = new Map<string, Int32Array>();
  const table = (h: number, w: number): Int32Array => {
    let places = tables.get(`${h}x${w}`);
    if (!places) {
      places = new Int32Array(h * w);
      for (let y = 0; y < h; y++) {
        for (let x = 0; x < w; x++) {
          const [sy, sx] = source(y, x, h, w);
          places[y * w + x] = sy * w + sx;
        }
      }
      tables.set(`${h}x${w}`, places);
    }
    return places;
  };
  const moved = (x: Tensor, back: boolean): Tensor => {
    const [h, w] = x.shape.slice(-2) as [number, number];
    const places = table(h, w);
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

/** A view that moves the pixels of squares, from `source(y, x, size)`: rows may become columns. */
const squarePermutation = (
  name: string,
  gesture: string,
  source: (y: number, x: number, size: number) => Place,
  css?: string,
): View => onlySquares(permutation(name, gesture, source, css));

function onlySquares(view: View): View {
  const checked = (move: (x: Tensor) => Tensor) => (x: Tensor) => {
    const [h, w] = x.shape.slice(-2);
    if (h !== w)
      throw new ShapeError(`picture under the view ${view.name}`, x.shape, 'a square one, [N, C, S, S]');
    return move(x);
  };
  return {
    ...view,
    apply: checked(view.apply),
    invert: checked(view.invert),
    invertVariance: checked(view.invertVariance),
  };
}

/** A view of the values: colour or sign. Places stay, so the variance does too, unless channels change places. */
const recolouring = (
  name: string,
  gesture: string,
  order: readonly [number, number, number],
  sign = 1,
): View => {
  const shuffled = (x: Tensor, back: boolean, factor: number): Tensor => {
    const [n, c, h, w] = x.shape as [number, number, number, number];
    if (c !== 3) throw new ShapeError(`picture under the view ${name}`, x.shape, '[N, 3, H, W]');
    const plane = h * w;
    const data = new Float32Array(x.data.length);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < 3; k++) {
        const [to, from] = back ? [order[k]!, k] : [k, order[k]!];
        data.set(x.data.subarray((i * 3 + from) * plane, (i * 3 + from + 1) * plane), (i * 3 + to) * plane);
      }
    }
    return factor === 1 ? { data, shape: x.shape } : map({ data, shape: x.shape }, (value) => factor * value);
  };
  // The sign of a view must not reach v: it interpolates log variances and has no direction.
  return {
    name,
    gesture,
    apply: (x) => shuffled(x, false, sign),
    invert: (x) => shuffled(x, true, sign),
    invertVariance: (v) => shuffled(v, true, 1),
  };
};

const turned = (y: number, x: number, h: number, w: number): Place => [h - 1 - y, w - 1 - x];

/** Blocks of an n × n grid in the order that a fixed seed gives. */
function shuffledBlocks(n: number, seed: number): (y: number, x: number, size: number) => Place {
  const generator = new TorchGenerator(seed);
  const order = Array.from({ length: n * n }, (_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = generator.uint32() % (i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return (y, x, size) => {
    const block = size / n;
    const from = order[Math.floor(y / block) * n + Math.floor(x / block)]!;
    return [Math.floor(from / n) * block + (y % block), (from % n) * block + (x % block)];
  };
}

const same = (x: Tensor): Tensor => x;
const mod = (a: number, n: number): number => ((a % n) + n) % n;

export const views = {
  identity: {
    name: 'identity',
    gesture: 'as it is',
    css: 'none',
    apply: same,
    invert: same,
    invertVariance: same,
  },
  flip: permutation('flip', 'flipped upside down', (y, x, h) => [h - 1 - y, x], 'scaleY(-1)'),
  mirror: permutation('mirror', 'in a mirror', (y, x, _h, w) => [y, w - 1 - x], 'scaleX(-1)'),
  rotate180: permutation('rotate180', 'turned upside down', turned, 'rotate(180deg)'),
  rotate_cw: squarePermutation(
    'rotate_cw',
    'turned to the right',
    (y, x, size) => [size - 1 - x, y],
    'rotate(90deg)',
  ),
  rotate_ccw: squarePermutation(
    'rotate_ccw',
    'turned to the left',
    (y, x, size) => [x, size - 1 - y],
    'rotate(-90deg)',
  ),
  transpose: squarePermutation(
    'transpose',
    'flipped about its diagonal',
    (y, x) => [x, y],
    'rotate(90deg) scaleY(-1)',
  ),
  anti_transpose: squarePermutation(
    'anti_transpose',
    'flipped about its other diagonal',
    (y, x, size) => [size - 1 - x, size - 1 - y],
    'rotate(-90deg) scaleY(-1)',
  ),
  // Column i slides down by 1.5·(i − size/2), rounded toward zero, and comes in again at the top.
  skew: squarePermutation('skew', 'sheared', (y, x, size) => [
    mod(y - Math.trunc(1.5 * (x - size / 2)), size),
    x,
  ]),
  // A disc of 3/8 of the width, turned by 180°.
  inner_circle: squarePermutation('inner_circle', 'with its inner disc turned', (y, x, size) => {
    const centre = (size - 1) / 2;
    return Math.hypot(y - centre, x - centre) <= (size * 3) / 8 ? turned(y, x, size, size) : [y, x];
  }),
  patch_permute: squarePermutation('patch_permute', 'with its 64 tiles shuffled', shuffledBlocks(8, 0)),
  pixel_permute: squarePermutation('pixel_permute', 'with its pixels shuffled', shuffledBlocks(64, 0)),
  half_shift: permutation('half_shift', 'cut in two and joined the other way', (y, x, _h, w) => [
    y,
    (x + w / 2) % w,
  ]),
  negate: recolouring('negate', 'as a negative', [0, 1, 2], -1),
  colour_cycle: recolouring('colour_cycle', 'with its colours exchanged', [2, 0, 1]),
} satisfies Record<string, View>;

export type ViewName = keyof typeof views;
export const viewNames = Object.keys(views) as [ViewName, ...ViewName[]];
export const { identity, flip } = views;
