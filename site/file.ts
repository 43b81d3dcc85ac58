import type { Figure } from '../src/experiments/experiment.ts';
import type { FigureStore } from '../src/experiments/runner.ts';
import { toPicture } from '../src/images/picture.ts';
import { encodePng, encodeWithRecipe } from '../src/images/png.ts';
import { encodeFigure } from '../src/jobs/part-store.ts';

const files = new WeakMap<Figure, () => Uint8Array<ArrayBuffer>>();

/** Keeps nothing but how each figure came to be, for its file. */
export const origins: FigureStore = {
  get: async () => undefined,
  async put(hash, recipe, figure, origin) {
    const { experiment, params, from } = origin;
    files.set(figure, () =>
      // What asked no network was made without its weights, and is the same with any.
      recipe.base === ''
        ? encodeWithRecipe(toPicture(figure.image), { experiment, params, from }, figure.caption ?? '')
        : encodeFigure(figure, recipe, hash, origin),
    );
  },
  complete: async () => undefined,
};

/** A figure as a PNG, with the recipe that makes it again. */
export const fileOf = (figure: Figure): Uint8Array<ArrayBuffer> =>
  files.get(figure)?.() ?? encodePng(toPicture(figure.image));
