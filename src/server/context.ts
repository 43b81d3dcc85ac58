import type { CampanileError } from '../errors.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { accepted } from '../jobs/accepted.ts';
import type { ComputeInfo } from '../jobs/compute-messages.ts';
import type { Job, Recipe } from '../jobs/job.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { jobId } from '../jobs/recipe-id.ts';
import type { ArtifactStore } from '../jobs/store.ts';
import { RefusedError } from './problem.ts';
import type { Streams } from './sse.ts';
import type { Waiters } from './waiters.ts';

/** What a server takes at most. */
export interface Limits {
  /** Jobs that may wait; 1000. */
  readonly queued: number;
  /** Event streams at a time; 500. */
  readonly streams: number;
  /** Clients of other programs' APIs that wait for their pictures at a time; 500. */
  readonly waiters: number;
  /** Of one uploaded file; 20 MB. */
  readonly fileBytes: number;
  /** Of one request with files; 32 MB. */
  readonly requestBytes: number;
}

export const defaultLimits: Limits = {
  queued: 1000,
  streams: 500,
  waiters: 500,
  fileBytes: 20e6,
  requestBytes: 32e6,
};

/** What the routes work with. */
export interface ServerContext {
  readonly experiments: readonly Experiment[];
  readonly queue: JobQueue;
  readonly store: ArtifactStore;
  readonly streams: Streams;
  readonly waiters: Waiters;
  readonly limits: Limits;
  /** Before every path of this server: '' or '/lab'. */
  readonly prefix: string;
  /** Undefined until the checkpoint is open; throws what prevented that. */
  readonly info: () => ComputeInfo | undefined;
}

/** @throws {RefusedError} 503 while the checkpoint is opening, or when it could not be opened */
export function infoOf({ info }: ServerContext): ComputeInfo {
  const known = opened(info);
  if (known) return known;
  throw new RefusedError(503, 'opening', 'the checkpoint is still being opened', {
    hint: 'ask again in a moment',
  });
}

function opened(info: ServerContext['info']): ComputeInfo | undefined {
  try {
    return info();
  } catch (error) {
    const { message, hint } = error as Partial<CampanileError>;
    throw new RefusedError(
      503,
      'opening',
      `the checkpoint could not be opened: ${message}`,
      hint ? { hint } : {},
    );
  }
}

/**
 * A recipe that can be put in the queue, complete.
 *
 * @throws {RefusedError} 422 naming what does not fit
 */
export const acceptedRecipe = (context: ServerContext, recipe: Recipe): Promise<Recipe> =>
  accepted(
    { experiments: context.experiments, info: infoOf(context), has: (name) => context.store.has(name) },
    recipe,
  );

/**
 * Puts an accepted recipe in the queue.
 *
 * @param nonce  makes it another job than the one with the same recipe
 * @throws {RefusedError} 429 when too many wait
 */
export async function enqueue(
  context: ServerContext,
  recipe: Recipe,
  nonce?: string,
): Promise<{ job: Job; created: boolean }> {
  const id = jobId(recipe, infoOf(context).engine, nonce);
  await context.waiters.settled(id);
  if (!(await context.queue.get(id)) && (await context.queue.depth()).queued >= context.limits.queued) {
    throw new RefusedError(429, 'queue-full', `${context.limits.queued} jobs are waiting already`, {
      hint: 'send it again when some are done',
      retryAfterSeconds: 5,
    });
  }
  const submitted = await context.queue.submit(id, recipe);
  if (submitted.created || (await context.waiters.join(submitted.job))) return submitted;
  await context.waiters.over(id);
  return enqueue(context, recipe, nonce);
}
