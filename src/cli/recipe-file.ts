import { readFile } from 'node:fs/promises';
import { PictureError } from '../errors.ts';
import { type RecipeToFollow, recipeToFollow } from '../experiments/verify.ts';
import { decodePicture } from '../images/codec.ts';
import type { Picture } from '../images/picture.ts';
import { isPng, readRecipe, readTrace } from '../images/png.ts';

/**
 * A picture that campanile wrote, and the recipe inside of it.
 *
 * @throws {PictureError} when there is no such picture, or it is damaged; {RecipeError} when it carries no recipe: both name the file
 */
export async function readWithRecipe(file: string): Promise<{ picture: Picture; claim: RecipeToFollow }> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new PictureError('picture-missing', `there is no picture ${file}`, {
      hint: 'check the path',
      cause,
    });
  });
  const picture = await decodePicture(bytes, file);
  const [recipe, trace] = isPng(bytes) ? [readRecipe(bytes), readTrace(bytes)] : [];
  return { picture, claim: recipeToFollow(recipe, trace, file) };
}
