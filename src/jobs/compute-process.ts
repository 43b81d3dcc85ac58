/**
 * The process that computes: started by `compute.ts`, it opens the checkpoint once and runs one recipe after the other.
 * What blocks or kills it does not touch the queue.
 */
import { ownMask, ownMasks, ownPicture, ownPictures } from '../experiments/index.ts';
import { drawnWith } from '../experiments/recipe.ts';
import { pictureOfMask } from '../images/picture.ts';
import { encodePng } from '../images/png.ts';
import type { ComputeInfo, FromCompute, ToCompute } from './compute-messages.ts';
import { computing } from './computing.ts';
import type { Environment, OpenEnvironment } from './environment.ts';
import type { NamedPicture, Recipe } from './job.ts';
import { describeModels } from './models.ts';
import { openStore } from './open-store.ts';
import { storedObject } from './part-store.ts';
import { toJobError } from './queue.ts';
import type { ArtifactStore } from './store.ts';

let environment: Environment;
let store: ArtifactStore;
let compute: ReturnType<typeof computing>;
let running = new AbortController();

/** No walk takes more of what is kept of all. */
const WALK_BYTES = 8e6;

const say = (message: FromCompute) => void process.send?.(message);

async function open({ settings }: Extract<ToCompute, { type: 'open' }>): Promise<void> {
  const { openEnvironment }: { openEnvironment: OpenEnvironment } = await import(settings.environment);
  store = await openStore(settings.store, settings.stateDir);
  environment = await openEnvironment(settings.settings);
  const { stepBytes } = settings;
  compute = computing(environment, store, {
    walkBytes: Math.min(WALK_BYTES, stepBytes / 4),
    // Steps are for looking at: a disk that is full of other things has no room for them.
    keep: (file) => store.keepSteps(file, stepBytes).catch(() => undefined),
  });
  const info: ComputeInfo = {
    engine: environment.engine,
    ...drawnWith(environment.models),
    models: describeModels(environment.models),
    pictures: settings.pictures ? await picturesAndMasks() : [],
  };
  say({ type: 'ready', info });
}

async function run(recipe: Recipe): Promise<void> {
  running = new AbortController();
  for await (const event of compute(recipe, running.signal)) say({ type: 'event', event });
  say({ type: 'end' });
}

async function picturesAndMasks(): Promise<NamedPicture[]> {
  const size = 256;
  const pictures = ownPictures.map(async (reference) => ({
    reference,
    kind: 'picture' as const,
    picture: await ownPicture(reference, size),
  }));
  const masks = ownMasks.map(async (reference) => ({
    reference,
    kind: 'mask' as const,
    picture: pictureOfMask(await ownMask(reference, size)),
  }));
  return Promise.all(
    [...pictures, ...masks].map(async (found) => {
      const { picture, ...named } = await found;
      return { ...named, ...storedObject(await store.put(encodePng(picture)), picture) };
    }),
  );
}

process.on('message', (message: ToCompute) => {
  if (message.type === 'cancel') return running.abort();
  const work = message.type === 'open' ? open(message) : run(message.recipe);
  work.catch((error) => say({ type: 'error', error: toJobError(error) }));
});
// The parent's death ends this process, at once: an engine that is torn down while it opens aborts with words of its own. Its
// signals are the parent's to handle.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
