import type { Figure } from '../experiments/experiment.ts';
import type { FigureStore } from '../experiments/runner.ts';
import { decodePicture } from '../images/codec.ts';
import { fromPicture, toPicture } from '../images/picture.ts';
import { encodePng } from '../images/png.ts';
import type { FigureInfo, Recipe } from './job.ts';
import { storedObject } from './publish.ts';
import type { ArtifactStore } from './store.ts';

/**
 * Finished parts in the artifact store, so that a job that is begun again, or one that shares a part with another, goes on
 * where that one was. Figures come back as 8-bit pictures, from which the same files are made.
 */
export function partStore(store: ArtifactStore): FigureStore {
  return {
    async get(hash) {
      const manifest = await store.manifest(hash);
      if (!manifest) return undefined;
      const figures: Figure[] = [];
      for (const { object, url: _, width: __, height: ___, ...rest } of manifest.figures) {
        const bytes = await store.get(object);
        if (!bytes) return undefined;
        figures.push({ ...rest, image: fromPicture(await decodePicture(bytes)) });
      }
      return figures;
    },
    async put() {
      // A part is kept when it is complete.
    },
    async complete(hash, recipe, figures) {
      const kept: FigureInfo[] = [];
      for (const { image, ...rest } of figures) {
        const picture = toPicture(image);
        const object = await store.put(encodePng(picture));
        kept.push({ ...rest, ...storedObject(object, picture) });
      }
      const of: Recipe = {
        experiment: recipe.experiment,
        params: { part: recipe.part, inputs: recipe.inputs },
      };
      await store.publish(hash, { recipe: of, figures: kept, seconds: 0 });
    },
  };
}
