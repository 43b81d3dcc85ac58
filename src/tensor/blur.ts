import { ShapeError } from '../errors.ts';
import type { Tensor } from './tensor.ts';

/** Taps exp(−x²/2σ²) at x = −(k−1)/2 … (k−1)/2, normalised to the sum 1. */
export function gaussianKernel(kernelSize: number, sigma: number): Float64Array {
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

/** One axis of `length` elements `stride` apart, for every line of the tensor. */
function alongAxis(x: Tensor, taps: Float64Array, length: number, stride: number): Tensor {
  const half = (taps.length - 1) / 2;
  const data = new Float32Array(x.data.length);
  const period = Math.max(1, 2 * (length - 1));
  // Where tap j of output i reads, reflected: … 2 1 [0 1 2 … n−1] n−2 …
  const source = Int32Array.from({ length: length * taps.length }, (_, at) => {
    const i = Math.floor(at / taps.length) + (at % taps.length) - half;
    const folded = ((i % period) + period) % period;
    return (folded < length ? folded : period - folded) * stride;
  });
  for (let block = 0; block < data.length; block += length * stride) {
    for (let offset = block; offset < block + stride; offset++) {
      for (let i = 0; i < length; i++) {
        let total = 0;
        const at = i * taps.length;
        for (let j = 0; j < taps.length; j++) total += taps[j]! * x.data[offset + source[at + j]!]!;
        data[offset + i * stride] = total;
      }
    }
  }
  return { data, shape: x.shape };
}
