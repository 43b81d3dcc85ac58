import type { Tensor } from '../src/tensor/tensor.ts';

/** Power at one spatial frequency. */
export interface Band {
  /** Cycles per pixel, above 0 and up to 1/2. */
  readonly frequency: number;
  /** Mean square of the coefficients around it: v where the values are independent, of variance v. */
  readonly power: number;
}

/**
 * How much of a picture lies at which frequency, over its channels, in rings of equal width. By the cosine transform, since
 * pictures do not go on at the other side as Fourier's would have it.
 *
 * @param image  [1, C, N, N]
 */
export function spectrumOf({ data, shape }: Tensor, rings = 32): Band[] {
  const size = shape.at(-1)!;
  const plane = size * size;
  const basis = cosines(size);
  const total = new Float64Array(rings);
  const count = new Float64Array(rings);
  for (let from = 0; from < data.length; from += plane) {
    const image = Float64Array.from(data.subarray(from, from + plane));
    const coefficients = transformed(basis, transformed(basis, image, size), size);
    for (let i = 1; i < plane; i++) {
      const ring = Math.ceil((Math.hypot(i % size, Math.floor(i / size)) / size) * rings) - 1;
      if (ring >= rings) continue;
      total[ring]! += coefficients[i]! ** 2;
      count[ring]! += 1;
    }
  }
  return Array.from(total, (sum, ring) => ({
    frequency: (ring + 0.5) / (2 * rings),
    power: sum / count[ring]!,
  }));
}

/** The orthonormal DCT-II, row u the cosine of frequency u / 2N. */
function cosines(size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, i) => {
    const [u, x] = [Math.floor(i / size), i % size];
    return Math.sqrt((u === 0 ? 1 : 2) / size) * Math.cos((Math.PI * u * (x + 0.5)) / size);
  });
}

/** Basis times matrix, turned about its diagonal: twice is both axes. */
function transformed(basis: Float64Array, matrix: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let u = 0; u < size; u++)
    for (let y = 0; y < size; y++) {
      const share = basis[u * size + y]!;
      for (let x = 0; x < size; x++) result[x * size + u]! += share * matrix[y * size + x]!;
    }
  return result;
}

/** What a Gaussian blur lets through of the power at a frequency: its gain, squared. */
export const gaussianPower = (sigma: number, frequency: number): number =>
  Math.exp(-((2 * Math.PI * sigma * frequency) ** 2));
