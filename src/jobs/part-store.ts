import type { Figure } from '../experiments/experiment.ts';
import type { PartRecipe } from '../experiments/recipe.ts';
import type { FigureStore, Origin } from '../experiments/runner.ts';
import { fromPicture, toPicture } from '../images/picture.ts';
import { encodeWithRecipe, readRecipe } from '../images/png.ts';
import type { FigureInfo, Recipe, StoredObject } from './job.ts';
import type { RunStore } from './store.ts';

/**
 * Figures as files of the artifact store, each with the recipe that makes it alone. A finished part is kept, so that a job
 * that is begun again, or one that shares a part with another, goes on where that one was: with the same files.
 */
export interface PartStore extends FigureStore {
  /** What is told of a figure that this store has given out or taken in. */
  infoOf(figure: Figure): FigureInfo;
}

export const storedObject = (
  object: string,
  { width, height }: { width: number; height: number },
): StoredObject => ({
  object,
  url: `/v1/objects/${object}`,
  width,
  height,
});

export function partStore(store: RunStore): PartStore {
  const infos = new WeakMap<Figure, FigureInfo>();
  return {
    infoOf: (figure) => infos.get(figure)!,
    async get(hash) {
      const manifest = await store.manifest(hash);
      if (!manifest) return undefined;
      const { decodePicture } = await import('../images/codec.ts');
      const figures: Figure[] = [];
      for (const info of manifest.figures) {
        const { object, url: _, width: __, height: ___, ...rest } = info;
        const bytes = await store.get(object);
        if (!bytes || readRecipe(bytes) === undefined) return undefined;
        const figure = { ...rest, image: fromPicture(await decodePicture(bytes)) };
        infos.set(figure, info);
        figures.push(figure);
      }
      return figures;
    },
    async put(hash, recipe, figure, origin) {
      const { image, ...rest } = figure;
      const picture = toPicture(image);
      const object = await store.put(encodeFigure(figure, recipe, hash, origin));
      infos.set(figure, { ...rest, ...storedObject(object, picture) });
    },
    async complete(hash, recipe, figures) {
      const of: Recipe = {
        experiment: recipe.experiment,
        params: { part: recipe.part, inputs: recipe.inputs },
      };
      const kept = figures.map((figure) => infos.get(figure)!);
      await store.publish(hash, { recipe: of, figures: kept, seconds: 0 });
    },
  };
}

/** The file of a figure: the same for the same recipe, so neither times nor places of this run stand in it. */
export function encodeFigure(
  figure: Figure,
  recipe: PartRecipe,
  hash: string,
  { trace, ...again }: Origin,
): Uint8Array<ArrayBuffer> {
  const { image, seconds: _, walk: __, ...told } = figure;
  const { row, column, caption, seed } = figure;
  const words = [row, column, caption, seed === undefined ? '' : `seed ${seed}`];
  // Two figures of one job differ in their places at least: their files are called by them.
  const readable = [...new Set(words)].filter(Boolean).join(', ');
  return encodeWithRecipe(toPicture(image), { ...again, recipe, hash, figure: told }, readable, trace);
}
