/**
 * Pictures that leave their usual pose. A picture of two subjects at once, such as an anagram, must lie in what the model
 * believes of both: narrow beliefs do not meet. Everything here draws its own numbers, so that a picture without it stays
 * what it was.
 */
import type { Rng } from './random.ts';
import { smooth } from './smooth.ts';

/** Pixels as they lie on a canvas, RGBA, row by row. */
export interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly side: number;
}

/** Where the camera stands: what it looks at, how near, how it is turned. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly turn: number;
}

/** Scenes are painted a tenth beyond their edges. */
const MARGIN = 0.6;

const cameras = {
  near: (r: Rng) => ({
    x: r.between(0.36, 0.64),
    y: r.between(0.34, 0.6),
    zoom: r.between(1.2, 1.75),
    turn: 0,
  }),
  turned: (r: Rng) => ({ x: 0.5, y: 0.5, zoom: 1.15, turn: r.side() * r.between(0.12, 0.5) }),
  aside: (r: Rng) => ({
    x: 0.5 + r.side() * r.between(0.08, 0.2),
    y: r.between(0.42, 0.58),
    zoom: 1.2,
    turn: 0,
  }),
  usual: () => ({ x: 0.5, y: 0.5, zoom: 1, turn: 0 }),
} satisfies Record<string, (r: Rng) => Camera>;

/** A camera anywhere, as near as it must be for the picture to have no empty corners. */
export function looseCamera(r: Rng): Camera {
  const camera = cameras[r.pick(['near', 'near', 'turned', 'aside', 'aside', 'usual'] as const)](r);
  const corner = (Math.abs(Math.cos(camera.turn)) + Math.abs(Math.sin(camera.turn))) / 2;
  const far = Math.max(Math.abs(camera.x - 0.5), Math.abs(camera.y - 0.5));
  return { ...camera, zoom: Math.max(camera.zoom, corner / (MARGIN - far)) };
}

/** Drawn on rubber: every point comes from a little beside it. */
export function warped({ data, side }: Pixels, r: Rng): void {
  const reach = r.between(0.01, 0.05) * side;
  const knots = r.integer(4, 6);
  const [dx, dy] = [smooth(r, knots), smooth(r, knots)];
  const was = data.slice();
  const inside = (v: number) => Math.max(0, Math.min(side - 1.001, v));
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const [u, v] = [x / side, y / side];
      const [fx, fy] = [inside(x + reach * dx(u, v)), inside(y + reach * dy(u, v))];
      const [i, j] = [fx | 0, fy | 0];
      const [a, b] = [fx - i, fy - j];
      const from = (j * side + i) * 4;
      for (let k = 0; k < 3; k++) {
        const upper = was[from + k]! * (1 - a) + was[from + 4 + k]! * a;
        const lower = was[from + 4 * side + k]! * (1 - a) + was[from + 4 * side + 4 + k]! * a;
        data[(y * side + x) * 4 + k] = upper * (1 - b) + lower * b;
      }
    }
}

const moments = (data: ArrayLike<number>, step: number, k: number): { mean: number; spread: number } => {
  const n = data.length / step;
  let [sum, squares] = [0, 0];
  for (let i = k; i < data.length; i += step) {
    sum += data[i]!;
    squares += data[i]! ** 2;
  }
  return { mean: sum / n, spread: Math.sqrt(Math.max(1, squares / n - (sum / n) ** 2)) };
};

/** Mean and spread of each channel move towards another picture's, given as RGB. */
export function repainted({ data }: Pixels, palette: Uint8Array, share: number): void {
  for (let k = 0; k < 3; k++) {
    const [own, other] = [moments(data, 4, k), moments(palette, 3, k)];
    const gain = Math.min(1.6, Math.max(0.6, other.spread / own.spread));
    for (let i = k; i < data.length; i += 4) {
      const there = (data[i]! - own.mean) * gain + other.mean;
      data[i] = data[i]! + (there - data[i]!) * share;
    }
  }
}

/** The edges fade into one colour, as a vignette on paper does: they are free for something else. */
export function faded({ data, side }: Pixels, r: Rng): void {
  const paper = [r.between(0, 255), 0, 0].map((v, k, [first]) => (k ? first! + r.between(-18, 18) : v));
  const [from, to] = [r.between(0.3, 0.42), r.between(0.5, 0.62)];
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const distance = Math.hypot(x / side - 0.5, y / side - 0.5);
      const t = Math.min(1, Math.max(0, (distance - from) / (to - from)));
      const share = t * t * (3 - 2 * t);
      if (share > 0)
        for (let k = 0; k < 3; k++) {
          const i = (y * side + x) * 4 + k;
          data[i] = data[i]! + (paper[k]! - data[i]!) * share;
        }
    }
}
