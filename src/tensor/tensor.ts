import { ShapeError } from '../errors.ts';

/** Row-major float32 values. Images are [N, C, H, W], in [-1, 1]; masks [1, 1, H, W], in [0, 1]. */
export interface Tensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** @throws {ShapeError} when `data` has not the length that `shape` promises */
export function tensor(data: Float32Array | readonly number[], shape: readonly number[]): Tensor {
  const values = data instanceof Float32Array ? data : Float32Array.from(data);
  if (values.length !== sizeOf(shape))
    throw new ShapeError('tensor', [values.length], `${sizeOf(shape)} values for [${shape.join(', ')}]`);
  return { data: values, shape };
}

export const zeros = (shape: readonly number[]): Tensor => ({ data: new Float32Array(sizeOf(shape)), shape });
export const full = (shape: readonly number[], value: number): Tensor => ({
  data: new Float32Array(sizeOf(shape)).fill(value),
  shape,
});

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/** Σ wᵢ·xᵢ, accumulated in double precision. */
export function weightedSum(...terms: readonly (readonly [number, Tensor])[]): Tensor {
  const [, first] = terms[0]!;
  for (const [, t] of terms)
    if (!sameShape(t.shape, first.shape))
      throw new ShapeError('term of a sum', t.shape, `[${first.shape.join(', ')}] like the first`);
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

export const sum = (tensors: readonly Tensor[]): Tensor =>
  weightedSum(...tensors.map((t) => [1, t] as const));
export const mean = (tensors: readonly Tensor[]): Tensor =>
  weightedSum(...tensors.map((t) => [1 / tensors.length, t] as const));
export const subtract = (a: Tensor, b: Tensor): Tensor => weightedSum([1, a], [-1, b]);

export function map(t: Tensor, f: (value: number, index: number) => number): Tensor {
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
  const [h, w] = x.shape.slice(-2) as [number, number];
  const [mh, mw] = mask.shape.slice(-2) as [number, number];
  if (mh !== h || mw !== w) throw new ShapeError('mask', mask.shape, `[1, 1, ${h}, ${w}] like the image`);
  if (!sameShape(x.shape, y.shape)) throw new ShapeError('image', y.shape, `[${x.shape.join(', ')}]`);
  const plane = h * w;
  const data = new Float32Array(x.data.length);
  for (let i = 0; i < data.length; i++) {
    const m = mask.data[i % plane]!;
    data[i] = m === 1 ? x.data[i]! : m === 0 ? y.data[i]! : m * x.data[i]! + (1 - m) * y.data[i]!;
  }
  return { data, shape: x.shape };
}

/** Row `index` of a batch, as a batch of one (a view on the same memory). */
export function row(t: Tensor, index: number): Tensor {
  const size = t.data.length / t.shape[0]!;
  return { data: t.data.subarray(index * size, (index + 1) * size), shape: [1, ...t.shape.slice(1)] };
}

export const rows = (t: Tensor): Tensor[] => Array.from({ length: t.shape[0]! }, (_, i) => row(t, i));

/** Batches one below the other. */
export function stack(batches: readonly Tensor[]): Tensor {
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

/** The same rows n times: x₀, x₁, x₀, x₁, … */
export const repeat = (t: Tensor, n: number): Tensor =>
  n === 1 ? t : stack(Array.from({ length: n }, () => t));

/** Channels [from, to) of [N, C, H, W]. */
export function channels(t: Tensor, from: number, to: number): Tensor {
  const [n, c, h, w] = t.shape as [number, number, number, number];
  const plane = h * w;
  const data = new Float32Array(n * (to - from) * plane);
  for (let i = 0; i < n; i++)
    data.set(t.data.subarray((i * c + from) * plane, (i * c + to) * plane), i * (to - from) * plane);
  return { data, shape: [n, to - from, h, w] };
}

/** Channels of all images side by side: [N, ΣC, H, W]. */
export function joinChannels(images: readonly Tensor[]): Tensor {
  const [n, , h, w] = images[0]!.shape as [number, number, number, number];
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

/** First index of a value that is not finite, or -1. */
export const findNonFinite = (t: Tensor): number => {
  for (let i = 0; i < t.data.length; i++) if (!Number.isFinite(t.data[i]!)) return i;
  return -1;
};
