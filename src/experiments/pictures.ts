import { readFile } from 'node:fs/promises';
import { PictureError, RecipeError } from '../errors.ts';
import { loadMask, loadPicture, readPicture } from '../images/load.ts';
import { fromPicture } from '../images/picture.ts';
import {
  type PageMask,
  type PagePicture,
  pageMask,
  pageMasks,
  pagePicture,
  pagePictures,
} from '../scenes/assets.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { sha256 } from './recipe.ts';

const isPagePicture = (name: string): name is PagePicture =>
  (pagePictures as readonly string[]).includes(name);
const isPageMask = (name: string): name is PageMask => (pageMasks as readonly string[]).includes(name);

/** Pictures and masks by reference: the project's own by name, or files. */
export interface PictureBook {
  /** [1, 3, size, size] in [-1, 1]. */
  picture(reference: string, size: number): Promise<Tensor>;
  /** [1, 1, size, size], 1 where the picture may change. A mask file must have the size of the `picture` file it is for. */
  mask(reference: string, size: number, picture?: string): Promise<Tensor>;
  /** sha256 of what the reference stands for. */
  digest(reference: string): Promise<string>;
}

export interface PictureBookOptions {
  /** Files that take the place of the project's own pictures: name → path. */
  readonly instead?: Readonly<Record<string, string>>;
  /** The bytes behind a reference that is neither a name nor replaced; undefined for the path of a file. */
  readonly read?: ((reference: string) => Promise<Uint8Array | undefined>) | undefined;
}

/**
 * The project's own pictures, and the user's. Each file is read once.
 *
 * @throws {RecipeError} when there is nothing that a file of `instead` could take the place of
 * @throws {PictureError} from its methods, when a file is missing or cannot be used
 */
export function pictureBook({ instead = {}, read }: PictureBookOptions = {}): PictureBook {
  for (const name of Object.keys(instead))
    if (!isPagePicture(name) && !isPageMask(name))
      throw new RecipeError(
        '',
        `there is no built-in picture "${name}" to take the place of`,
        `there are ${[...pagePictures, ...pageMasks].join(', ')}`,
      );
  const sources = new Map<string, Promise<Uint8Array | string>>();
  const find = async (reference: string) => instead[reference] ?? (await read?.(reference)) ?? reference;
  const source = (reference: string): Promise<Uint8Array | string> => {
    const known = sources.get(reference) ?? find(reference);
    sources.set(reference, known);
    return known;
  };
  const ownPicture = (name: string): name is PagePicture => !(name in instead) && isPagePicture(name);
  const ownMask = (name: string): name is PageMask => !(name in instead) && isPageMask(name);

  return {
    async picture(reference, size) {
      if (!ownPicture(reference))
        return loadPicture(await source(reference), size).catch(withNames('picture', pagePictures));
      return fromPicture({ width: size, height: size, channels: 3, data: pagePicture(reference, size) });
    },
    async mask(reference, size, picture) {
      if (ownMask(reference)) return { data: pageMask(reference, size), shape: [1, 1, size, size] };
      const like =
        picture === undefined || ownPicture(picture) ? undefined : await readPicture(await source(picture));
      return loadMask(await source(reference), size, like).catch(withNames('mask', pageMasks));
    },
    async digest(reference) {
      if (ownPicture(reference)) return sha256(pagePicture(reference, 64));
      if (ownMask(reference)) return sha256(new Uint8Array(pageMask(reference, 64).buffer));
      const found = await source(reference);
      if (typeof found !== 'string') return sha256(found);
      // A missing file is reported where the picture is read.
      return sha256(await readFile(found).catch(() => found));
    },
  };
}

/** A missing file may be a misspelt name: say which there are. */
const withNames =
  (kind: 'picture' | 'mask', names: readonly string[]) =>
  (error: unknown): never => {
    if (error instanceof PictureError && error.code === 'picture-missing') {
      throw new PictureError(error.code, error.message.replace('no picture', `no ${kind}`), {
        hint: `give a file, or one of ${names.join(', ')}`,
        cause: error,
      });
    }
    throw error;
  };
