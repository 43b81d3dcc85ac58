import { files } from '#platform/files';
import type { Tensor } from '../tensor/tensor.ts';
import { toPicture } from './picture.ts';
import { encodePng } from './png.ts';

/**
 * Writes [1, 3, H, W] in [-1, 1] as a PNG; values beyond are cut.
 *
 * @throws {OutputError} when the file cannot be written
 */
export async function savePicture(path: string, image: Tensor): Promise<void> {
  await files.write(path, [encodePng(toPicture(image))]);
}
