import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figure } from '../experiments/experiment.ts';
import type { PartRecipe } from '../experiments/recipe.ts';
import type { FigureStore } from '../experiments/runner.ts';
import { SHARED, type WholeOptions, writeWhole } from '../files/whole.ts';
import { decodePicture } from '../images/codec.ts';
import { fromPicture, toPicture } from '../images/picture.ts';
import { encodeWithRecipe } from '../images/png.ts';
import { sha256Sync } from '../platform/node/hash.ts';
import { slug } from '../words.ts';
import { writing } from '../writing.ts';

interface KeptFigure {
  readonly file: string;
  readonly sha256: string;
  readonly figure: Omit<Figure, 'image'>;
}

const FORMAT = 'campanile parts 1\n';

/** The figures of a user's output folder: one PNG each, and per finished part a list of them under `.parts`. */
export interface FigureFolder extends FigureStore {
  readonly folder: string;
  /** The file of a figure that this store has given out or taken in. */
  fileOf(figure: Figure): string;
}

/**
 * Figures in a folder, as `<experiment>/<figure>-<recipe>.png`. A part counts as finished while all its files are there
 * and unchanged.
 *
 * @throws {OutputError} when the folder cannot be written
 */
export async function figureFolder(folder: string): Promise<FigureFolder> {
  const files = new WeakMap<Figure, string>();
  const partFile = (hash: string) => join(folder, '.parts', `${hash}.json`);
  const format = join(folder, '.parts', 'format');
  // A finished folder may have become read-only: a rerun only looks.
  if ((await readFile(format, 'utf8').catch(() => '')) !== FORMAT) {
    await writing(folder, () => mkdir(join(folder, '.parts'), { recursive: true }), inOut);
    await writeWhole(format, FORMAT, inOut);
  }

  return {
    folder,
    fileOf: (figure) => files.get(figure)!,
    async get(hash) {
      const list = await readFile(partFile(hash), 'utf8').catch(() => undefined);
      if (list === undefined) return undefined;
      try {
        const kept = JSON.parse(list) as KeptFigure[];
        return await Promise.all(
          kept.map(async ({ file, sha256: expected, figure }) => {
            const png = await readFile(join(folder, file));
            if (sha256Sync(png) !== expected) throw new Error(`${file} was changed`);
            const found: Figure = { ...figure, image: fromPicture(await decodePicture(png, file)) };
            files.set(found, file);
            return found;
          }),
        );
      } catch {
        return undefined; // a file is gone or changed: the part is made again
      }
    },
    async put(hash, recipe, figure, { trace, ...again }) {
      const { image, ...rest } = figure;
      const file = join(recipe.experiment, `${slug(figure.id) || 'picture'}-${hash.slice(0, 8)}.png`);
      const png = encodeWithRecipe(
        toPicture(image),
        { ...again, recipe, hash, figure: rest },
        readable(recipe, figure),
        trace,
      );
      await writing(folder, () => mkdir(join(folder, recipe.experiment), { recursive: true }), inOut);
      await writeWhole(join(folder, file), png, inOut);
      files.set(figure, file);
    },
    async complete(hash, _recipe, figures) {
      const kept = await Promise.all(
        figures.map(async (figure): Promise<KeptFigure> => {
          const { image: _, ...rest } = figure;
          const file = files.get(figure)!;
          return { file, sha256: sha256Sync(await readFile(join(folder, file))), figure: rest };
        }),
      );
      await writeWhole(partFile(hash), JSON.stringify(kept), inOut);
    },
  };
}

/** What helps in a folder of pictures. */
export const inOut: WholeOptions = {
  mode: SHARED,
  elsewhere: 'choose a folder you may write to with --out',
  full: 'free some space and run the same command again; finished pictures are kept',
};

const readable = ({ experiment, part }: PartRecipe, { column, seed, t }: Figure): string =>
  [
    `campanile ${experiment}`,
    part,
    column,
    t === undefined ? '' : `t = ${t}`,
    seed === undefined ? '' : `seed ${seed}`,
  ]
    .filter(Boolean)
    .join(' · ');
