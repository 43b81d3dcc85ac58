import type { Tensor } from '../tensor/tensor.ts';

/**
 * The bucket of a distance between two tokens: near ones have one of their own, far ones share, further and further.
 *
 *     r = key − query,  n = buckets/2,  e = n/2,  m = |r|
 *     bucket = (r > 0 ? n : 0) + (m < e ? m : min(n − 1, e + ⌊ln(m/e) / ln(max/e) · (n − e)⌋))
 *
 * Rounded to float32 at every step, as torch does: the floor notices.
 *
 * @see Raffel et al. 2020, arXiv 1910.10683, section 2.1
 */
export function relativePositionBucket(relative: number, buckets: number, maxDistance: number): number {
  const half = Math.floor(buckets / 2);
  const exact = Math.floor(half / 2);
  const distance = Math.abs(relative);
  const side = relative > 0 ? half : 0;
  if (distance < exact) return side + distance;
  const logarithm = Math.fround(Math.log(Math.fround(distance / exact)));
  const share = Math.fround(logarithm / Math.fround(Math.log(maxDistance / exact)));
  const far = exact + Math.floor(Math.fround(share * (half - exact)));
  return side + Math.min(half - 1, far);
}

/**
 * What every head adds to the score of a key at a distance: [1, heads, length, length].
 *
 * @param table  one number per bucket and head: [buckets, heads]
 */
export function positionBias(table: Tensor, length: number, maxDistance: number): Tensor {
  const [buckets, heads] = table.shape as [number, number];
  const rows = Array.from({ length: 2 * length - 1 }, (_, i) =>
    relativePositionBucket(i - length + 1, buckets, maxDistance),
  );
  const data = new Float32Array(heads * length * length);
  let at = 0;
  for (let head = 0; head < heads; head++)
    for (let query = 0; query < length; query++)
      for (let key = 0; key < length; key++)
        data[at++] = table.data[rows[key - query + length - 1]! * heads + head]!;
  return { data, shape: [1, heads, length, length] };
}
