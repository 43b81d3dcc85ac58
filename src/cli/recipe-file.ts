import { readFile } from 'node:fs/promises';
import { PictureError } from '../errors.ts';
import { type RecipeToFollow, recipeToFollow } from '../experiments/verify.ts';
import { decodePicture } from '../images/codec.ts';
import type { Picture } from '../images/picture.ts';
import { isPng, readRecipe, readTrace } from '../images/png.ts';

/** A picture file, and what it may carry beside its pixels. */
export interface PictureFile {
  readonly bytes: Uint8Array;
  readonly picture: Picture;
  /** Data from a stranger; undefined where there is none. */
  readonly recipe: unknown;
  readonly trace: unknown;
}

/** @throws {PictureError} naming the file, when there is no such picture, or it is damaged */
export async function readPictureFile(file: string): Promise<PictureFile> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new PictureError('picture-missing', `there is no picture ${file}`, {
      hint: 'check the path',
      cause,
    });
  });
  const picture = await decodePicture(bytes, file);
  const [recipe, trace] = isPng(bytes) ? [readRecipe(bytes), readTrace(bytes)] : [];
  return { bytes, picture, recipe, trace };
}

/**
 * A picture that campanile wrote, and the recipe inside of it.
 *
 * @throws {PictureError} as `readPictureFile`; {RecipeError} naming the file, when it carries no recipe
 */
export async function readWithRecipe(file: string): Promise<{ picture: Picture; claim: RecipeToFollow }> {
  const { picture, recipe, trace } = await readPictureFile(file);
  return { picture, claim: recipeToFollow(recipe, trace, file) };
}
