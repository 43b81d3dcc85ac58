import { checkImages, checkNumber, checkShape, LONGEST } from './check.ts';
import type { Tensor } from './tensor.ts';

/**
 * Bilinear scaling with aligned corners: the first and last pixels keep their places. What diffusers' super-resolution
 * pipeline does to the picture of stage I.
 *
 * @param x  [N, C, H, W]
 */
export function bilinearAligned(x: Tensor, height: number, width: number): Tensor {
  checkImages('picture to scale', x);
  checkNumber('height', height, { min: 1, max: LONGEST, whole: true });
  checkNumber('width', width, { min: 1, max: LONGEST, whole: true });
  const [n, c, h, w] = x.shape as [number, number, number, number];
  checkShape('shape', [n, c, height, width]);
  const data = new Float32Array(n * c * height * width);
  const ys = positions(h, height);
  const xs = positions(w, width);
  let at = 0;
  for (let plane = 0; plane < n * c; plane++) {
    const base = plane * h * w;
    for (const [y0, y1, fy] of ys) {
      for (const [x0, x1, fx] of xs) {
        const top = x.data[base + y0 * w + x0]! * (1 - fx) + x.data[base + y0 * w + x1]! * fx;
        const bottom = x.data[base + y1 * w + x0]! * (1 - fx) + x.data[base + y1 * w + x1]! * fx;
        data[at++] = top * (1 - fy) + bottom * fy;
      }
    }
  }
  return { data, shape: [n, c, height, width] };
}

function positions(from: number, to: number): [number, number, number][] {
  const scale = to > 1 ? (from - 1) / (to - 1) : 0;
  return Array.from({ length: to }, (_, i) => {
    const position = i * scale;
    const low = Math.min(Math.floor(position), from - 1);
    return [low, Math.min(low + 1, from - 1), position - low];
  });
}
