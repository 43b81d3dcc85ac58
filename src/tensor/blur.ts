import { ShapeError } from '../errors.ts';
import { checkImages, checkNumber, LONGEST } from './check.ts';
import type { Tensor } from './tensor.ts';

/**
 * Taps exp(−x²/2σ²) at x = −(k−1)/2 … (k−1)/2, normalised to the sum 1.
 *
 * @throws {ArgumentError} unless k is a whole number from 1 on and σ is above 0
 */
export function gaussianKernel(kernelSize: number, sigma: number): Float64Array {
  checkNumber('kernelSize', kernelSize, { min: 1, max: LONGEST, whole: true });
  checkNumber('sigma', sigma, { above: 0 });
  const taps = Float64Array.from({ length: kernelSize }, (_, i) =>
    Math.exp(-(((i - (kernelSize - 1) / 2) / sigma) ** 2) / 2),
  );
  const total = taps.reduce((a, b) => a + b, 0);
  return taps.map((tap) => tap / total);
}

/**
 * Gaussian blur over both axes, edges reflected without repeating the border: torchvision's `gaussian_blur`.
 *
 * @param x  [N, C, H, W]
 * @param kernelSize  odd, at most 2·min(H, W) − 1
 * @param sigma  in pixels of this stage (2 at 64, 8 at 256)
 * @throws {ShapeError} when the kernel is even or reaches further than the reflection
 */
export function gaussianBlur(x: Tensor, kernelSize: number, sigma: number): Tensor {
  checkImages('picture to blur', x);
  checkNumber('kernelSize', kernelSize);
  const [h, w] = x.shape.slice(-2) as [number, number];
  if (kernelSize % 2 !== 1 || (kernelSize - 1) / 2 >= Math.min(h, w)) {
    throw new ShapeError(
      'blur kernel',
      [kernelSize, kernelSize],
      `odd and at most ${2 * Math.min(h, w) - 1} for a picture of ${h} × ${w}`,
    );
  }
  const taps = gaussianKernel(kernelSize, sigma);
  return alongAxis(alongAxis(x, taps, w, 1), taps, h, w);
}

/** One axis of `length` elements `stride` apart, for every line of the tensor. The taps are symmetric: each serves both sides. */
function alongAxis(x: Tensor, taps: Float64Array, length: number, stride: number): Tensor {
  const half = (taps.length - 1) / 2;
  const middle = taps[half]!;
  const data = new Float32Array(x.data.length);
  const places = Int32Array.from(
    { length: length + 2 * half },
    (_, i) => reflected(i - half, length) * stride,
  );
  const line = new Float64Array(places.length);
  const total = new Float64Array(length);
  for (let block = 0; block < data.length; block += length * stride) {
    for (let offset = block; offset < block + stride; offset++) {
      for (let i = 0; i < line.length; i++) line[i] = x.data[offset + places[i]!]!;
      for (let i = 0; i < length; i++) total[i] = middle * line[i + half]!;
      for (let j = 0; j < half; j++) {
        const tap = taps[j]!;
        for (let i = 0, mirror = 2 * half - j; i < length; i++)
          total[i]! += tap * (line[i + j]! + line[i + mirror]!);
      }
      for (let i = 0; i < length; i++) data[offset + i * stride] = total[i]!;
    }
  }
  return { data, shape: x.shape };
}

/** Where i lies on a line of n that is mirrored at its ends: … 2 1 [0 1 2 … n−1] n−2 … */
function reflected(i: number, n: number): number {
  const period = Math.max(1, 2 * (n - 1));
  const folded = ((i % period) + period) % period;
  return folded < n ? folded : period - folded;
}
