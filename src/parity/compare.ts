import { sameShape, type Tensor } from '../tensor/tensor.ts';

/** One line of `campanile parity`: a group of reference tensors, held against what campanile gives. */
export interface ParityResult {
  readonly group: string;
  /** The worst difference, as the group's tolerance counts it; the number of differences where there must be none. */
  readonly worst: number;
  readonly tolerance: number;
  /** What should be known about a group that fails. */
  readonly note?: string | undefined;
}

export type Tensors = ReadonlyMap<string, Tensor>;

/** max |found − expected|; infinite when shapes differ or a value is not a number. */
export function absoluteError(found: Tensor, expected: Tensor): number {
  if (!sameShape(found.shape, expected.shape)) return Infinity;
  let worst = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const difference = Math.abs(found.data[i]! - expected.data[i]!);
    if (Number.isNaN(difference)) return Infinity;
    worst = Math.max(worst, difference);
  }
  return worst;
}

/** max |found − expected| / max |expected|. */
export function relativeError(found: Tensor, expected: Tensor): number {
  const largest = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return absoluteError(found, expected) / (largest || 1);
}

/** The tensor of a reference file; a file without it is not one of this layout. */
export function tensorNamed(tensors: Tensors, name: string): Tensor {
  const found = tensors.get(name);
  if (!found) throw new Error(`the reference file has no tensor "${name}"`);
  return found;
}
