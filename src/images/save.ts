import { files } from '#platform/files';
import { ArgumentError } from '../errors.ts';
import { checkText } from '../tensor/check.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { toPicture } from './picture.ts';
import { encodePng } from './png.ts';

/**
 * Writes [1, 3, H, W] in [-1, 1] as a PNG; values beyond are cut.
 *
 * @throws {ArgumentError} when the name is that of another kind of file; {OutputError} when the file cannot be written
 */
export async function savePicture(path: string, image: Tensor): Promise<void> {
  checkText('path', path, 'the path of the file to write');
  if (!/\.png$/i.test(path)) throw new ArgumentError('path', path, 'a name that ends in .png');
  await files.write(path, [encodePng(toPicture(image))]);
}
