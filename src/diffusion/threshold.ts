import { ArgumentError } from '../errors.ts';
import { checkNumber, checkObject } from '../tensor/check.ts';
import { map, rows, stack, type Tensor } from '../tensor/tensor.ts';

/** What is done to x̂₀ before the next step. */
export type Threshold = (x0: Tensor) => Tensor;

/**
 * x̂₀ as it is: for models that stay within [-1, 1] by themselves.
 */
export const noThreshold: Threshold = (x0) => x0;

/**
 * Static thresholding: x̂₀ cut to [−range, range].
 *
 * @throws {ArgumentError} unless the range is a number above 0
 * @see Saharia et al. 2022, "Imagen", arXiv 2205.11487, section 2.3
 */
export function staticThreshold(range = 1): Threshold {
  checkNumber('range', range, { above: 0 });
  return (x0) => map(x0, (value) => Math.min(range, Math.max(-range, value)));
}

/**
 * Dynamic thresholding, one image at a time: s is the `ratio`-quantile of |x̂₀|, held within [1, maxValue];
 * x̂₀ is cut to [−s, s] and divided by s, so that strong guidance does not saturate colours.
 *
 * @see Saharia et al. 2022, "Imagen", arXiv 2205.11487, section 2.3
 */
export function dynamicThreshold(options: { ratio?: number; maxValue?: number } = {}): Threshold {
  checkObject('options', options, '{ ratio, maxValue }');
  const { ratio = 0.995, maxValue = 1 } = options;
  checkNumber('ratio', ratio, { min: 0, max: 1 });
  checkNumber('maxValue', maxValue, { above: 0 });
  return (x0) =>
    stack(
      rows(x0).map((image) => {
        const s = Math.min(maxValue, Math.max(1, quantile(image.data.map(Math.abs), ratio)));
        return map(image, (value) => Math.min(s, Math.max(-s, value)) / s);
      }),
    );
}

/** torch.quantile: linear between the neighbours of position q·(n−1) in ascending order. */
export function quantile(values: Float32Array, q: number): number {
  if (!(values instanceof Float32Array) || values.length === 0)
    throw new ArgumentError('values', values, 'a Float32Array that is not empty');
  checkNumber('q', q, { min: 0, max: 1 });
  const position = q * (values.length - 1);
  const low = Math.floor(position);
  const parted = partedAt(values, low);
  const a = parted[low]!;
  // What is not smaller stands behind it: the next in order is the least of that.
  const next = parted.subarray(low + 1).reduce((least, value) => Math.min(least, value), Infinity);
  return position === low ? a : a + (next - a) * (position - low);
}

/**
 * The same values, the k-th in order at place k, none larger before it and none smaller behind: a hundredth of the time of sorting
 * all of a large picture.
 *
 * @see Hoare 1961, "Algorithm 65: FIND"
 */
function partedAt(values: Float32Array, k: number): Float32Array {
  const data = values.slice();
  let [from, to] = [0, data.length - 1];
  while (from < to) {
    const pivot = data[k]!;
    let [i, j] = [from, to];
    while (i <= j) {
      while (data[i]! < pivot) i++;
      while (pivot < data[j]!) j--;
      if (i > j) break;
      const value = data[i]!;
      data[i++] = data[j]!;
      data[j--] = value;
    }
    if (j < k) from = i;
    if (k < i) to = j;
  }
  return data;
}
