import type { Tensor } from '../tensor/tensor.ts';

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

/** The tensor of a reference file; a file without it is not one of this layout. */
export function tensorNamed(tensors: Tensors, name: string): Tensor {
  const found = tensors.get(name);
  if (!found) throw new Error(`the reference file has no tensor "${name}"`);
  return found;
}
