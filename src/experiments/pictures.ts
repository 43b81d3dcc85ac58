import { files } from '#platform/files';
import { sha256 } from '../checkpoint/hash.ts';
import { PictureError, RecipeError } from '../errors.ts';
import { fromPicture } from '../images/picture.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type OwnMask, type OwnPicture, ownMask, ownMasks, ownPicture, ownPictures } from './own-pictures.ts';

/** Pictures and masks by reference: the project's own by name, or files. */
export interface PictureBook {
  /** [1, 3, size, size] in [-1, 1]. */
  picture(reference: string, size: number): Promise<Tensor>;
  /** [1, 1, size, size], 1 where the picture may change. A mask file must have the size of the `picture` file it is for. */
  mask(reference: string, size: number, picture?: string): Promise<Tensor>;
  /** sha256 of what the reference stands for. */
  digest(reference: string): Promise<string>;
}

/** What stands behind references beside the project's own pictures. */
export interface PictureBookOptions {
  /** Files that take the place of the project's own pictures: name → path. */
  readonly instead?: Readonly<Record<string, string>>;
  /** The bytes behind a reference that is neither a name nor replaced; undefined for the path of a file. */
  readonly read?: ((reference: string) => Promise<Uint8Array | undefined>) | undefined;
  /** The references are those of a recipe, which names files from where it was made: any may have another in its place. */
  readonly fromRecipe?: boolean;
}

/**
 * The project's own pictures, and the user's. Each file is read once.
 *
 * @throws {RecipeError} when there is nothing that a file of `instead` could take the place of
 * @throws {PictureError} from its methods, when a file is missing or cannot be used
 */
export function pictureBook({
  instead = {},
  read,
  fromRecipe = false,
}: PictureBookOptions = {}): PictureBook {
  for (const name of Object.keys(instead))
    if (!fromRecipe && !isOne(ownPictures, name) && !isOne(ownMasks, name) && !uploaded(name))
      throw new RecipeError(
        '',
        `there is no built-in picture "${name}" to take the place of`,
        `there are ${[...ownPictures, ...ownMasks].join(', ')}`,
      );
  const sources = new Map<string, Promise<Uint8Array | string>>();
  const find = async (reference: string) => instead[reference] ?? (await read?.(reference)) ?? reference;
  const source = (reference: string): Promise<Uint8Array | string> => {
    const known = sources.get(reference) ?? find(reference);
    sources.set(reference, known);
    return known;
  };
  const isPicture = (name: string): name is OwnPicture => !(name in instead) && isOne(ownPictures, name);
  const isMask = (name: string): name is OwnMask => !(name in instead) && isOne(ownMasks, name);

  return {
    async picture(reference, size) {
      if (isPicture(reference)) return fromPicture(await ownPicture(reference, size));
      const { loadPicture } = await reading();
      return loadPicture(await source(reference), size).catch(
        withNames('picture', ownPictures, reference, fromRecipe),
      );
    },
    async mask(reference, size, picture) {
      if (isMask(reference)) return ownMask(reference, size);
      const { loadMask, readPicture } = await reading();
      const like =
        picture === undefined || isPicture(picture) ? undefined : await readPicture(await source(picture));
      return loadMask(await source(reference), size, like).catch(
        withNames('mask', ownMasks, reference, fromRecipe),
      );
    },
    async digest(reference) {
      if (isPicture(reference)) return sha256((await ownPicture(reference, 64)).data);
      if (isMask(reference)) return sha256(new Uint8Array((await ownMask(reference, 64)).data.buffer));
      const found = await source(reference);
      if (typeof found !== 'string') return sha256(found);
      // A missing file is reported where the picture is read.
      return sha256(await files.read(found).catch(() => found));
    },
  };
}

/** Code that pages fetch for experiments with pictures. */
const reading = () => import('../images/load.ts');

/** What a server calls a file that was sent to it. */
const uploaded = (name: string) => name.startsWith('object:');

const isOne = (names: readonly string[], name: string) => names.includes(name);

/** A missing file may be a misspelt name: say which there are. */
const withNames =
  (kind: 'picture' | 'mask', names: readonly string[], reference: string, fromRecipe: boolean) =>
  (error: unknown): never => {
    if (error instanceof PictureError && error.code === 'picture-missing') {
      const [, sent] = /no picture (object:\S+)/.exec(error.message) ?? [];
      if (sent)
        throw new PictureError(error.code, `${sent} is a file that was sent to a server`, {
          hint: `give it by --image ${sent}=FILE`,
          cause: error,
        });
      throw new PictureError(error.code, error.message.replace('no picture', `no ${kind}`), {
        hint: fromRecipe
          ? `give it by --image ${reference}=FILE: the recipe names it from where it was made`
          : `give a file, or one of ${names.join(', ')}`,
        cause: error,
      });
    }
    throw error;
  };
