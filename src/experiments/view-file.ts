import { viewNamed } from '../diffusion/named-view.ts';
import { RecipeError } from '../errors.ts';
import { decodePicture } from '../images/codec.ts';
import { isPng } from '../images/png.ts';
import { sourcesIn } from './view-picture.ts';

/**
 * A view of one's own out of a file, a picture of places or a list of them as JSON, as a recipe holds it: `[1,0,3,2]`.
 *
 * @param name  what to call it in messages
 * @throws {RecipeError} when it holds no view
 */
export async function viewInFile(file: Uint8Array, name: string): Promise<string> {
  const sources =
    isPng(file) || /\.png$/i.test(name)
      ? sourcesIn(await decodePicture(file, name), name)
      : listIn(file, name);
  const text = JSON.stringify(sources);
  viewNamed(text); // refuses what is no square, or points beyond it
  return text;
}

function listIn(file: Uint8Array, name: string): readonly unknown[] {
  let list: unknown;
  try {
    list = JSON.parse(new TextDecoder().decode(file));
  } catch {
    list = undefined;
  }
  if (Array.isArray(list)) return list;
  throw new RecipeError(
    'view',
    `${name} is no list of places`,
    'it holds, row by row, the index of the pixel that is shown at each place, as [1,0,3,2]',
  );
}
