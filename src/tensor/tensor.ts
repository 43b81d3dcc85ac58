import { ArgumentError, ShapeError } from '../errors.ts';
import {
  checkFunction,
  checkImages,
  checkList,
  checkNumber,
  checkShape,
  checkTensor,
  LONGEST,
  promised,
  type Tensor,
} from './check.ts';

export type { Tensor };

/**
 * How many values a shape holds; 1 for [].
 *
 * @throws {ArgumentError} when `shape` is no list of whole numbers
 */
export function sizeOf(shape: readonly number[]): number {
  checkShape('shape', shape);
  return promised(shape);
}

/**
 * A tensor of given numbers, row by row.
 *
 * @param data  a list is copied into float32, a Float32Array is taken as it is
 * @throws {ShapeError} when `data` has not the length that `shape` promises
 */
export function tensor(data: Float32Array | readonly number[], shape: readonly number[]): Tensor {
  if (!(data instanceof Float32Array) && !Array.isArray(data))
    throw new ArgumentError('data', data, 'a Float32Array or a list of numbers');
  checkShape('shape', shape);
  const values = data instanceof Float32Array ? data : Float32Array.from(data);
  if (values.length !== sizeOf(shape))
    throw new ShapeError('tensor', [values.length], `${sizeOf(shape)} values for [${shape.join(', ')}]`);
  return { data: values, shape };
}

/** @throws {ArgumentError} when `shape` is no list of whole numbers */
export function zeros(shape: readonly number[]): Tensor {
  checkShape('shape', shape);
  return { data: new Float32Array(sizeOf(shape)), shape };
}

/**
 * The same value everywhere; infinity and not-a-number are values too.
 *
 * @throws {ArgumentError} when `shape` is no list of whole numbers
 */
export function full(shape: readonly number[], value: number): Tensor {
  if (typeof value !== 'number') throw new ArgumentError('value', value, 'a number');
  const { data } = zeros(shape);
  return { data: data.fill(value), shape };
}

/**
 * Whether two shapes have the same axes.
 *
 * @throws {ArgumentError} when one is no list of whole numbers
 */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  checkShape('shape', a);
  checkShape('shape', b);
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/**
 * Σ wᵢ·xᵢ, accumulated in double precision.
 *
 * @throws {ArgumentError} when there is no term, a weight is not finite, or a term is no tensor
 * @throws {ShapeError} when the tensors differ in shape
 */
export function weightedSum(...terms: readonly (readonly [number, Tensor])[]): Tensor {
  checkList('a sum', terms, 'at least one pair of weight and tensor');
  for (const term of terms) {
    checkList('term of a sum', term, 'a pair of weight and tensor');
    checkNumber('weight of a sum', term[0]);
    checkTensor('term of a sum', term[1]);
  }
  const [, first] = terms[0]!;
  for (const [, t] of terms) checkAlike('term of a sum', t, first);
  const data = new Float32Array(first.data.length);
  if (terms.length === 2) {
    const [[w0, { data: x0 }], [w1, { data: x1 }]] = terms as [
      readonly [number, Tensor],
      readonly [number, Tensor],
    ];
    for (let i = 0; i < data.length; i++) data[i] = w0 * x0[i]! + w1 * x1[i]!;
  } else {
    for (let i = 0; i < data.length; i++) {
      let total = 0;
      for (const [w, t] of terms) total += w * t.data[i]!;
      data[i] = total;
    }
  }
  return { data, shape: first.shape };
}

const equally = (tensors: readonly Tensor[], weight: number): Tensor =>
  weightedSum(...tensors.map((t) => [weight, t] as const));

/** Σ xᵢ. Throws as `weightedSum` does. */
export function sum(tensors: readonly Tensor[]): Tensor {
  checkList('tensors', tensors);
  return equally(tensors, 1);
}

/** Σ xᵢ / n. Throws as `weightedSum` does. */
export function mean(tensors: readonly Tensor[]): Tensor {
  checkList('tensors', tensors);
  return equally(tensors, 1 / tensors.length);
}

/** a − b. Throws as `weightedSum` does. */
export const subtract = (a: Tensor, b: Tensor): Tensor => weightedSum([1, a], [-1, b]);

/**
 * f(xᵢ, i) of every value.
 *
 * @throws {ArgumentError} when `t` is no tensor or `f` no function
 */
export function map(t: Tensor, f: (value: number, index: number) => number): Tensor {
  checkTensor('tensor', t);
  checkFunction('f', f);
  const data = new Float32Array(t.data.length);
  for (let i = 0; i < data.length; i++) data[i] = f(t.data[i]!, i);
  return { data, shape: t.shape };
}

/**
 * m·x + (1−m)·y, with a mask [1, 1, H, W] for all rows and channels. Where m is exactly 0 or 1 the value is copied bit for bit.
 *
 * @throws {ShapeError} when mask and image differ in height or width
 */
export function blend(mask: Tensor, x: Tensor, y: Tensor): Tensor {
  checkImages('image', x);
  checkImages('image', y);
  checkTensor('mask', mask);
  const [h, w] = x.shape.slice(-2) as [number, number];
  const [mh, mw] = mask.shape.slice(-2) as [number, number];
  if (mh !== h || mw !== w || mask.data.length !== h * w)
    throw new ShapeError('mask', mask.shape, `[1, 1, ${h}, ${w}] like the image`);
  checkAlike('image', y, x);
  const plane = h * w;
  const data = new Float32Array(x.data.length);
  for (let i = 0; i < data.length; i++) {
    const m = mask.data[i % plane]!;
    data[i] = m === 1 ? x.data[i]! : m === 0 ? y.data[i]! : m * x.data[i]! + (1 - m) * y.data[i]!;
  }
  return { data, shape: x.shape };
}

/**
 * Row `index` of a batch [N, …], as a batch of one [1, …] (a view on the same memory).
 *
 * @throws {ArgumentError} when there is no such row
 */
export function row(t: Tensor, index: number): Tensor {
  checkTensor('batch', t);
  checkNumber('index', index, { min: 0, max: t.shape[0]! - 1, whole: true });
  const size = t.data.length / t.shape[0]!;
  return { data: t.data.subarray(index * size, (index + 1) * size), shape: [1, ...t.shape.slice(1)] };
}

/** Every row of a batch [N, …], as N batches of one [1, …] on the same memory. */
export function rows(t: Tensor): Tensor[] {
  checkTensor('batch', t);
  return Array.from({ length: t.shape[0] ?? 0 }, (_, i) => row(t, i));
}

/**
 * Batches one below the other.
 *
 * @throws {ArgumentError | ShapeError} when there are none, or their rows differ in shape
 */
export function stack(batches: readonly Tensor[]): Tensor {
  checkList('batches', batches);
  for (const b of batches) checkTensor('batch', b);
  const rest = batches[0]!.shape.slice(1);
  for (const b of batches)
    if (!sameShape(b.shape.slice(1), rest))
      throw new ShapeError('row of a batch', b.shape, `[N, ${rest.join(', ')}] like the first`);
  const shape = [batches.reduce((n, b) => n + b.shape[0]!, 0), ...rest];
  const data = new Float32Array(sizeOf(shape));
  let at = 0;
  for (const b of batches) {
    data.set(b.data, at);
    at += b.data.length;
  }
  return { data, shape };
}

/**
 * The same rows n times, [N, …] → [n·N, …]: x₀, x₁, x₀, x₁, …
 *
 * @throws {ArgumentError} unless n is a whole number from 1 on
 */
export function repeat(t: Tensor, n: number): Tensor {
  checkTensor('batch', t);
  checkNumber('n', n, { min: 1, max: LONGEST, whole: true });
  return n === 1 ? t : stack(Array.from({ length: n }, () => t));
}

/**
 * Channels [from, to) of [N, C, H, W]: [N, to − from, H, W].
 *
 * @throws {ArgumentError} unless 0 ≤ from ≤ to ≤ C
 */
export function channels(t: Tensor, from: number, to: number): Tensor {
  checkImages('image', t);
  checkNumber('to', to, { min: 0, max: t.shape[1]!, whole: true });
  checkNumber('from', from, { min: 0, max: to, whole: true });
  const [n, c, h, w] = t.shape as [number, number, number, number];
  const plane = h * w;
  const data = new Float32Array(n * (to - from) * plane);
  for (let i = 0; i < n; i++)
    data.set(t.data.subarray((i * c + from) * plane, (i * c + to) * plane), i * (to - from) * plane);
  return { data, shape: [n, to - from, h, w] };
}

/**
 * Channels of all images side by side: [N, ΣC, H, W].
 *
 * @throws {ArgumentError | ShapeError} when there are none, or they differ in N, H or W
 */
export function joinChannels(images: readonly Tensor[]): Tensor {
  checkList('images', images);
  for (const image of images) checkImages('image', image);
  const [n, , h, w] = images[0]!.shape as [number, number, number, number];
  for (const { shape } of images)
    if (!sameShape(shape, [n, shape[1]!, h, w]))
      throw new ShapeError('image', shape, `[${n}, C, ${h}, ${w}] like the first`);
  const total = images.reduce((sum, t) => sum + t.shape[1]!, 0);
  const data = new Float32Array(n * total * h * w);
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (const t of images) {
      const size = t.shape[1]! * h * w;
      data.set(t.data.subarray(i * size, (i + 1) * size), at);
      at += size;
    }
  }
  return { data, shape: [n, total, h, w] };
}

/** First index into `data` of a value that is infinite or not a number, or -1: the counterpart of `indexOf`. */
export const findNonFinite = (t: Tensor): number => {
  checkTensor('tensor', t);
  for (let i = 0; i < t.data.length; i++) if (!Number.isFinite(t.data[i]!)) return i;
  return -1;
};

/** @throws {ShapeError} unless `t` has the shape of `first` */
export function checkAlike(name: string, t: Tensor, first: Tensor): void {
  if (!sameShape(t.shape, first.shape))
    throw new ShapeError(name, t.shape, `[${first.shape.join(', ')}] like the first`);
}
