/**
 * The process that computes: started by `compute.ts`, it opens the checkpoint once and runs one recipe after the other.
 * What blocks or kills it does not touch the queue.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { PictureError, RecipeError } from '../errors.ts';
import { RecentWalks } from '../experiments/branching.ts';
import {
  ownMask,
  ownMasks,
  ownPicture,
  ownPictures,
  type PictureBook,
  parseParams,
  pictureBook,
  runExperiment,
} from '../experiments/index.ts';
import { drawnWith } from '../experiments/recipe.ts';
import type { Keeping } from '../experiments/watched-part.ts';
import { pictureOfMask } from '../images/picture.ts';
import { encodePng } from '../images/png.ts';
import type { ComputeInfo, FromCompute, ToCompute } from './compute-messages.ts';
import type { Environment, OpenEnvironment } from './environment.ts';
import type { NamedPicture, Recipe } from './job.ts';
import { describeModels } from './models.ts';
import { openStore } from './open-store.ts';
import { partStore, storedObject } from './part-store.ts';
import { published } from './publish.ts';
import { toJobError } from './queue.ts';
import type { ArtifactStore } from './store.ts';

let environment: Environment;
let store: ArtifactStore;
let book: PictureBook;
let keeping: Keeping;
let running = new AbortController();

/** Of walks taken lately, as exact as they were: branches of them begin at once. */
const RECENT_BYTES = 64e6;
/** No walk takes more of what is kept of all. */
const WALK_BYTES = 8e6;

const say = (message: FromCompute) => void process.send?.(message);

async function open({ settings }: Extract<ToCompute, { type: 'open' }>): Promise<void> {
  const { openEnvironment }: { openEnvironment: OpenEnvironment } = await import(settings.environment);
  store = await openStore(settings.store, settings.stateDir);
  environment = await openEnvironment(settings.settings);
  book = pictureBook({ read: uploaded });
  const { stepBytes } = settings;
  keeping = {
    walkBytes: Math.min(WALK_BYTES, stepBytes / 4),
    recent: new RecentWalks(RECENT_BYTES),
    // Steps are for looking at: a disk that is full of other things has no room for them.
    keep: (file) => store.keepSteps(file, stepBytes).catch(() => undefined),
  };
  const info: ComputeInfo = {
    engine: environment.engine,
    ...drawnWith(environment.models),
    models: describeModels(environment.models),
    pictures: settings.pictures ? await picturesAndMasks() : [],
  };
  say({ type: 'ready', info });
}

/** Nothing but uploads: a reference from outside is never a path. */
async function uploaded(reference: string): Promise<Uint8Array> {
  const bytes = await store.get(reference.replace(/^object:/, ''));
  if (bytes) return bytes;
  throw new PictureError('picture-missing', `there is no picture ${reference}`, {
    hint: 'upload it first; its reference is object:<sha256>',
  });
}

async function run(recipe: Recipe): Promise<void> {
  running = new AbortController();
  const experiment = environment.experiments.find(({ id }) => id === recipe.experiment);
  if (!experiment) throw new RecipeError('experiment', `there is no experiment "${recipe.experiment}"`);
  const { checkpoint, precision } = drawnWith(environment.models);
  if (recipe.checkpoint !== undefined && recipe.checkpoint !== checkpoint) {
    throw new RecipeError(
      'checkpoint',
      `the recipe is for ${recipe.checkpoint}, this worker has ${checkpoint}`,
      'start the servers and workers of one queue with the same --checkpoint and --upscaler',
    );
  }
  if (recipe.precision !== precision) {
    throw new RecipeError(
      'precision',
      `the recipe is for ${recipe.precision ?? 'full'} precision, this worker computes in ${precision ?? 'full'}`,
      'start the servers and workers of one queue with the same --precision: on cuda it is half unless you say full',
    );
  }
  const context = { ...environment.models, ...book, signal: running.signal };
  const parts = experiment.parts(parseParams(experiment, recipe.params), environment.models);
  const figures = partStore(store);
  const { from } = recipe;
  const run = { store: figures, digest: book.digest, from, keeping };
  const events = runExperiment(experiment, recipe.params, context, run);
  for await (const event of published(cancellable(events), parts, figures, store))
    say({ type: 'event', event });
  say({ type: 'end' });
}

/** Lets a cancel in at every event: a walk of awaits alone would keep the event loop to itself. */
async function* cancellable<T>(events: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const event of events) {
    await turn();
    running.signal.throwIfAborted();
    yield event;
  }
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
// The parent's death ends this process; its signals are the parent's to handle.
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
