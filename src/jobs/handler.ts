import { OutputError } from '../errors.ts';
import type { FigureInfo, Outcome, Recipe, RunningEvent } from './job.ts';
import { type Handler, Requeue } from './queue.ts';
import type { ArtifactStore } from './store.ts';

/** Whoever computes a recipe and tells what happens. */
export interface Runs {
  run(recipe: Recipe, signal: AbortSignal, tell: (event: RunningEvent) => Promise<void>): Promise<void>;
}

/**
 * What a worker does with a job: run it, unless its result is known, and publish what it made. The manifest comes last; a
 * job that was taken over meanwhile finds the other's, and both tell the same.
 */
export function handlerOf(pool: Runs, store: Pick<ArtifactStore, 'manifest' | 'publish'>): Handler {
  return async ({ job, signal, emit }) => {
    const known = await asRequeue(store.manifest(job.id));
    if (known) return { type: 'done', figures: known.figures, cached: true, seconds: known.seconds };
    const began = performance.now();
    const figures: FigureInfo[] = [];
    await pool.run(job.recipe, signal, async (event) => {
      if (event.type === 'figure') figures.push(event.figure);
      await emit(event);
    });
    const seconds = Math.round(performance.now() - began) / 1000;
    const mine: Outcome = { type: 'done', figures, cached: false, seconds };
    if (await asRequeue(store.publish(job.id, { recipe: job.recipe, figures, seconds }))) return mine;
    const first = await asRequeue(store.manifest(job.id));
    return first ? { ...mine, figures: first.figures } : mine;
  };
}

/** A store that cannot write now can later: the job waits. */
async function asRequeue<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof OutputError) throw new Requeue(error.message, { cause: error });
    throw error;
  }
}
