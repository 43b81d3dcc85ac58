import { machine } from '#platform/machine';
import { PictureError, RecipeError } from '../errors.ts';
import { RecentWalks } from '../experiments/branching.ts';
import { parseParams, pictureBook, runExperiment } from '../experiments/index.ts';
import { drawnWith } from '../experiments/recipe.ts';
import type { Keeping } from '../experiments/watched-part.ts';
import type { Environment } from './environment.ts';
import type { Recipe, RunningEvent } from './job.ts';
import { partStore } from './part-store.ts';
import { published } from './publish.ts';
import type { RunStore } from './store.ts';

/** Of walks taken lately, as exact as they were: branches of them begin at once. */
const RECENT_BYTES = 64e6;

/**
 * Runs recipes one after the other: in a process of the server, or in a worker of a tab. Finished parts are kept in the store.
 *
 * @param steps  keeps the steps of walks; without it they are told, and gone
 */
export function computing(
  { experiments, models }: Environment,
  store: RunStore,
  steps: Pick<Keeping, 'walkBytes' | 'keep'> = { walkBytes: 0, keep: async () => undefined },
): (recipe: Recipe, signal: AbortSignal) => AsyncGenerator<RunningEvent> {
  const book = pictureBook({ read: (reference) => uploaded(store, reference) });
  const keeping: Keeping = { ...steps, recent: new RecentWalks(RECENT_BYTES) };
  const { checkpoint, precision } = drawnWith(models);

  return async function* (recipe, signal) {
    const experiment = experiments.find(({ id }) => id === recipe.experiment);
    if (!experiment) throw new RecipeError('experiment', `there is no experiment "${recipe.experiment}"`);
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
    const parts = experiment.parts(parseParams(experiment, recipe.params), models);
    const figures = partStore(store);
    const { from } = recipe;
    const run = { store: figures, digest: book.digest, from, keeping };
    const events = runExperiment(experiment, recipe.params, { ...models, ...book, signal }, run);
    yield* published(cancellable(events, signal), parts, figures, store);
  };
}

/** Nothing but uploads: a reference from outside is never a path. */
async function uploaded(store: RunStore, reference: string): Promise<Uint8Array> {
  const bytes = await store.get(reference.replace(/^object:/, ''));
  if (bytes) return bytes;
  throw new PictureError('picture-missing', `there is no picture ${reference}`, {
    hint: 'upload it first; its reference is object:<sha256>',
  });
}

/** Lets a cancel in at every event: a walk of awaits alone would keep the event loop to itself. */
async function* cancellable<T>(events: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const event of events) {
    await machine.nextTurn();
    signal.throwIfAborted();
    yield event;
  }
}
