import { writeFile } from 'node:fs/promises';
import { OutputError } from '../errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { toPicture } from './picture.ts';
import { encodePng } from './png.ts';

/**
 * Writes [1, 3, H, W] in [-1, 1] as a PNG; values beyond are cut.
 *
 * @throws {OutputError} when the file cannot be written
 */
export async function savePicture(path: string, image: Tensor): Promise<void> {
  try {
    await writeFile(path, encodePng(toPicture(image)));
  } catch (cause) {
    throw new OutputError('output', `cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}
