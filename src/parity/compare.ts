import { readFile } from 'node:fs/promises';
import { CheckpointError } from '../errors.ts';
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

const AGAIN = { hint: 'make the folder of reference tensors again' };

/** @throws {CheckpointError} 'fixture' when it is not there: the file is not one of this layout */
export function tensorNamed(tensors: Tensors, name: string): Tensor {
  const found = tensors.get(name);
  if (!found) throw new CheckpointError('fixture', `the reference file has no tensor "${name}"`, AGAIN);
  return found;
}

/** A JSON file of the reference. @throws {CheckpointError} 'fixture' when it cannot be read */
export async function readListing<T>(file: string): Promise<T> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (cause) {
    throw new CheckpointError('fixture', `${file} cannot be read, or is not JSON`, { ...AGAIN, cause });
  }
}
