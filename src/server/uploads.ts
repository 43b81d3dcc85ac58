import sharp, { type Sharp } from 'sharp';
import { checkPicture, checkSize, damagedUnless, isPicture } from '../images/codec.ts';
import { isPng, readRecipe, readTexts } from '../images/png.ts';
import type { Recipe } from '../jobs/job.ts';
import { storedObject } from '../jobs/part-store.ts';
import { recipeSchema } from '../jobs/schemas.ts';
import type { ArtifactStore } from '../jobs/store.ts';
import { upright } from '../platform/node/pictures.ts';
import type { Upload } from './api-types.ts';

/** Larger pictures are shrunk to this: the models work at 64 and 256. */
const LONGEST_SIDE = 2048;

/**
 * A picture from outside, written anew: only the pixels are kept, and what is not opaque of them: it may be a mask. sharp
 * works in threads of its own.
 *
 * @param name  what its file is called, kept beside it
 * @throws {PictureError} when it is no picture that can be used
 */
export async function storeUpload(bytes: Buffer, store: ArtifactStore, name = ''): Promise<Upload> {
  const image = await shrunk(bytes, name || undefined);
  const recipe = recipeInside(bytes);
  const upload = await stored(
    (await hasHoles(bytes)) ? image : image.flatten({ background: '#ffffff' }),
    store,
  );
  if (name) await store.call(upload.object, name);
  return { ...upload, ...(name ? { name } : {}), ...(recipe ? { recipe } : {}) };
}

export interface MaskOptions {
  /** What is transparent may change; otherwise what is white or, in a mask that is not opaque, what is drawn. */
  readonly transparent?: boolean;
  /** The other way round. */
  readonly inverted?: boolean;
}

/**
 * A mask from outside, in grey: white may change.
 *
 * @throws {PictureError} when it is no picture that can be used
 */
export async function storeMask(
  bytes: Buffer,
  store: ArtifactStore,
  { transparent = false, inverted = false }: MaskOptions,
): Promise<Upload> {
  const image = await shrunk(bytes);
  const fromAlpha = transparent || (await hasHoles(bytes));
  const grey = fromAlpha
    ? image.ensureAlpha().extractChannel('alpha')
    : image.flatten({ background: '#ffffff' }).toColourspace('b-w');
  return stored(transparent !== inverted ? grey.negate() : grey, store);
}

async function shrunk(bytes: Buffer, name = 'the file'): Promise<Sharp> {
  await checkPicture(bytes, name);
  const [width, height] = [LONGEST_SIDE, LONGEST_SIDE];
  return (await upright(bytes)).resize({ width, height, fit: 'inside', withoutEnlargement: true });
}

/** Whether a pixel cannot be seen at all; of what is no picture, whoever reads it will say so. */
export async function isClearSomewhere(bytes: Buffer): Promise<boolean> {
  if (!isPicture(bytes)) return false;
  const { hasAlpha } = await sharp(bytes).metadata();
  return hasAlpha && (await damagedUnless('the file', sharp(bytes).stats())).channels.at(-1)!.min === 0;
}

async function hasHoles(bytes: Buffer): Promise<boolean> {
  const { hasAlpha } = await sharp(bytes).metadata();
  return hasAlpha && !(await damagedUnless('the file', sharp(bytes).stats())).isOpaque;
}

async function stored(pixels: Sharp, store: ArtifactStore): Promise<Upload> {
  const { data, info } = await damagedUnless('the file', pixels.png().toBuffer({ resolveWithObject: true }));
  checkSize(info.width, info.height, 'the file, shrunk,');
  const object = await store.put(data);
  return { reference: `object:${object}`, ...storedObject(object, info), bytes: data.length };
}

/** A picture that is stored, as its upload was answered, a figure by what it shows; undefined when there is none. */
export async function knownUpload(object: string, store: ArtifactStore): Promise<Upload | undefined> {
  const bytes = await store.get(object);
  if (!bytes || !isPng(bytes)) return undefined;
  const name = (await store.calledAs(object)) ?? readTexts(bytes).get('parameters');
  const upload = {
    reference: `object:${object}`,
    ...storedObject(object, await sharp(bytes).metadata()),
    bytes: bytes.length,
  };
  return name ? { ...upload, name } : upload;
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
