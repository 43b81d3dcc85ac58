import type { Sharp } from 'sharp';
import { checkPicture, damagedUnless } from '../images/codec.ts';
import { isPng, readRecipe } from '../images/png.ts';
import type { Recipe } from '../jobs/job.ts';
import { storedObject } from '../jobs/publish.ts';
import { recipeSchema } from '../jobs/schemas.ts';
import type { ArtifactStore } from '../jobs/store.ts';
import { upright } from '../platform/node/pictures.ts';
import type { Upload } from './api-types.ts';

/** Larger pictures are shrunk to this: the models work at 64 and 256. */
const LONGEST_SIDE = 2048;

export interface StoreOptions {
  /** Keep what is transparent as the mask: black where the picture is opaque, white where it is not. */
  readonly alphaAsMask?: boolean;
}

/**
 * A picture from outside, written anew: only the pixels are kept. sharp works in threads of its own.
 *
 * @throws {PictureError} when it is no picture that can be used
 */
export async function storeUpload(
  bytes: Buffer,
  store: ArtifactStore,
  { alphaAsMask = false }: StoreOptions = {},
): Promise<Upload> {
  await checkPicture(bytes, 'the file');
  const shrunk = upright(bytes).resize({
    width: LONGEST_SIDE,
    height: LONGEST_SIDE,
    fit: 'inside',
    withoutEnlargement: true,
  });
  const pixels: Sharp = alphaAsMask
    ? shrunk.ensureAlpha().extractChannel('alpha').negate()
    : shrunk.flatten({ background: '#ffffff' });
  const { data, info } = await damagedUnless('the file', pixels.png().toBuffer({ resolveWithObject: true }));
  const object = await store.put(data);
  const recipe = recipeInside(bytes);
  return {
    reference: `object:${object}`,
    ...storedObject(object, info),
    bytes: data.length,
    ...(recipe ? { recipe } : {}),
  };
}

/** The recipe that campanile left in a PNG; undefined when there is none, or something else by that name. */
export function recipeInside(bytes: Buffer): Recipe | undefined {
  if (!isPng(bytes)) return undefined;
  try {
    return recipeSchema.parse(readRecipe(bytes));
  } catch {
    return undefined;
  }
}
