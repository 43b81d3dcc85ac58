import { CallCount } from '../experiments/calls.ts';
import type { Calls, ExperimentEvent, Figure, Part } from '../experiments/experiment.ts';
import { canonicalJson } from '../experiments/recipe.ts';
import { type Picture, toPicture } from '../images/picture.ts';
import { encodePng, encodeWithRecipe } from '../images/png.ts';
import { resize } from '../images/resize.ts';
import { rows, type Tensor } from '../tensor/tensor.ts';
import type { FigureInfo, Recipe, RunningEvent, StoredObject } from './job.ts';
import type { ArtifactStore } from './store.ts';

const PREVIEW_SIZE = 64;
const PREVIEW_EVERY_MS = 100;

export const storedObject = (
  object: string,
  { width, height }: { width: number; height: number },
): StoredObject => ({
  object,
  url: `/v1/objects/${object}`,
  width,
  height,
});

/**
 * What an experiment tells, as the queue tells it: pictures become files in the store, each figure with the recipe inside;
 * steps are thinned out to ten a second.
 *
 * @param parts  all of the experiment's, which say how many network calls it will make
 */
export async function* published(
  events: AsyncIterable<ExperimentEvent>,
  recipe: Recipe,
  parts: readonly Part[],
  store: ArtifactStore,
): AsyncGenerator<RunningEvent> {
  const calls = new CallCount(parts);
  const progress = () => ({ done: Math.round(sum(calls.done)), total: sum(calls.total) });
  let shown = Number.NEGATIVE_INFINITY;
  yield { type: 'started', progress: progress() };
  for await (const event of events) {
    calls.hear(event);
    if (event.type === 'warning') yield event;
    if (event.type === 'figure')
      yield { type: 'figure', figure: await publishedFigure(event.figure, recipe, store) };
    if (event.type !== 'step') continue;
    const { step, ...walk } = event;
    const now = performance.now();
    if (now - shown < PREVIEW_EVERY_MS && walk.index < walk.count - 1) continue;
    shown = now;
    const [x, x0] = await Promise.all([publishedPreview(step.x, store), publishedPreview(step.x0, store)]);
    const { t, tNext } = step;
    const batch = step.x.shape[0]!;
    yield { ...walk, t, tNext, batch, x, x0, progress: progress() };
  }
}

const sum = ({ base, upscaler }: Calls): number => base + upscaler;

async function publishedFigure(figure: Figure, recipe: Recipe, store: ArtifactStore): Promise<FigureInfo> {
  const { image, ...rest } = figure;
  const picture = toPicture(image);
  const readable = [figure.caption, figure.seed === undefined ? '' : `seed ${figure.seed}`]
    .filter(Boolean)
    .join(', ');
  // Equal recipes are equal files, in whatever order somebody wrote the parameters.
  const told = JSON.parse(canonicalJson(recipe));
  const object = await store.put(encodeWithRecipe(picture, told, readable));
  return { ...rest, ...storedObject(object, picture) };
}

async function publishedPreview(x: Tensor, store: ArtifactStore): Promise<StoredObject> {
  const picture = sideBySide(rows(x).map((image) => small(toPicture(image))));
  return storedObject(await store.put(encodePng(picture)), picture);
}

function small(picture: Picture): Picture {
  const scale = PREVIEW_SIZE / picture.height;
  return scale >= 1 ? picture : resize(picture, Math.round(picture.width * scale), PREVIEW_SIZE);
}

/** Pictures of one height in a row. */
function sideBySide(pictures: readonly Picture[]): Picture {
  const { height, channels } = pictures[0]!;
  const width = pictures.reduce((sum, picture) => sum + picture.width, 0);
  const data = new Uint8Array(width * height * channels);
  let left = 0;
  for (const picture of pictures) {
    const line = picture.width * channels;
    for (let y = 0; y < height; y++) {
      data.set(picture.data.subarray(y * line, (y + 1) * line), (y * width + left) * channels);
    }
    left += picture.width;
  }
  return { width, height, channels, data };
}
