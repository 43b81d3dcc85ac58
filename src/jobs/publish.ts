import type { ExperimentEvent, Part } from '../experiments/experiment.ts';
import { WorkProgress } from '../experiments/work-progress.ts';
import { type Picture, toPicture } from '../images/picture.ts';
import { encodePng } from '../images/png.ts';
import { resize } from '../images/resize.ts';
import { rows, type Tensor } from '../tensor/tensor.ts';
import type { Progress, RunningEvent, StoredObject } from './job.ts';
import { type PartStore, storedObject } from './part-store.ts';
import type { RunStore } from './store.ts';

const PREVIEW_SIZE = 64;
const PREVIEW_EVERY_MS = 100;

/**
 * What an experiment tells, as the queue tells it: figures are files by now, and pictures of steps become some; steps are
 * thinned out to ten a second.
 *
 * @param parts  all of the experiment's, which say how many network calls it will make
 * @param figures  the store that the run was given
 */
export async function* published(
  events: AsyncIterable<ExperimentEvent>,
  parts: readonly Part[],
  figures: Pick<PartStore, 'infoOf'>,
  store: RunStore,
): AsyncGenerator<RunningEvent> {
  const work = new WorkProgress(parts);
  const progress = (): Progress => {
    const { calls, fraction, secondsLeft } = work;
    return { ...calls, fraction, ...(secondsLeft === undefined ? {} : { secondsLeft }) };
  };
  let shown = Number.NEGATIVE_INFINITY;
  yield { type: 'started', progress: progress() };
  for await (const event of events) {
    work.hear(event);
    if (event.type === 'warning') yield event;
    if (event.type === 'figure') yield { type: 'figure', figure: figures.infoOf(event.figure) };
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

async function publishedPreview(x: Tensor, store: RunStore): Promise<StoredObject> {
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
