import { checkPicture, damagedUnless } from '../../src/images/codec.ts';
import { isPng, readRecipe } from '../../src/images/png.ts';
import type { Recipe } from '../../src/jobs/job.ts';
import { recipeSchema } from '../../src/jobs/schemas.ts';
import type { Upload } from '../../src/server/api-types.ts';
import { addressOf, tabStore } from './pictures.ts';

/** Larger pictures are shrunk to this: the models work at 64 and 256. */
const LONGEST_SIDE = 2048;

/**
 * A picture of the reader's, written anew: only the pixels are kept, and what is not opaque of them: it may be a mask.
 *
 * @throws {PictureError} when it is no picture that can be used
 */
export async function keepUpload(picture: Blob): Promise<Upload> {
  const bytes = new Uint8Array(await picture.arrayBuffer());
  const name = picture instanceof File ? picture.name : '';
  await checkPicture(bytes, name || 'the picture');
  const { file, width, height } = await damagedUnless(name || 'the picture', anew(picture));
  const object = await tabStore.putOwn(new Uint8Array(await file.arrayBuffer()), name);
  const recipe = recipeInside(bytes);
  return {
    reference: `object:${object}`,
    object,
    url: await addressOf(object),
    width,
    height,
    bytes: file.size,
    ...(name ? { name } : {}),
    ...(recipe ? { recipe } : {}),
  };
}

async function anew(picture: Blob): Promise<{ file: Blob; width: number; height: number }> {
  const bitmap = await createImageBitmap(picture, { imageOrientation: 'from-image' });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d', { willReadFrequently: true })!;
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return { file: await canvas.convertToBlob({ type: 'image/png' }), width, height };
}

/** The recipe that campanile left in a PNG; undefined when there is none, or something else by that name. */
export function recipeInside(bytes: Uint8Array): Recipe | undefined {
  if (!isPng(bytes)) return undefined;
  try {
    return recipeSchema.parse(readRecipe(bytes));
  } catch {
    return undefined;
  }
}
