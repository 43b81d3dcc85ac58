import type { CampanileError } from '../errors.ts';
import { disorderIn, type Fork } from '../experiments/branch.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { type Field, type Fields, fieldsOf } from '../experiments/field.ts';
import type { ComputeInfo } from '../jobs/compute-messages.ts';
import type { Job, Recipe } from '../jobs/job.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { jobId } from '../jobs/recipe-id.ts';
import type { ArtifactStore } from '../jobs/store.ts';
import { errorsOf, RefusedError } from './problem.ts';
import type { Streams } from './sse.ts';
import type { Waiters } from './waiters.ts';

/** What a server takes at most. */
export interface Limits {
  /** Jobs that may wait; 1000. */
  readonly queued: number;
  /** Event streams at a time; 500. */
  readonly streams: number;
  /** Of one uploaded file; 20 MB. */
  readonly fileBytes: number;
  /** Of one request with files; 32 MB. */
  readonly requestBytes: number;
}

export const defaultLimits: Limits = { queued: 1000, streams: 500, fileBytes: 20e6, requestBytes: 32e6 };

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
 * A recipe that can be put in the queue: the parameters complete, checkpoint and precision those that are open, every picture
 * there.
 *
 * @throws {RefusedError} 422 naming what does not fit
 */
export async function acceptedRecipe(
  context: ServerContext,
  { experiment, params, from, checkpoint, precision }: Recipe,
): Promise<Recipe> {
  const info = infoOf(context);
  if (checkpoint !== undefined && checkpoint !== info.checkpoint) {
    const message = `expected ${short(info.checkpoint)}, which is open here, found ${short(checkpoint)}`;
    throw refusedParams([{ path: 'checkpoint', message }], 'leave it out, or serve that checkpoint');
  }
  if (precision !== undefined && precision !== info.precision) {
    const message = `expected full, in which this server computes, found ${precision}`;
    throw refusedParams([{ path: 'precision', message }], 'leave it out, or serve with --precision half');
  }
  const record = context.experiments.find(({ id }) => id === experiment);
  if (!record)
    throw refusedParams([
      { path: 'experiment', message: `there is no experiment "${experiment.slice(0, 100)}"` },
    ]);
  const accepted = await acceptedParams(context, record, params, 'params');
  const forks: Fork[] = [];
  for (const [i, fork] of (from ?? []).entries())
    forks.push({ ...fork, params: await acceptedParams(context, record, fork.params, `from.${i}.params`) });
  const disorder = disorderIn(forks);
  if (disorder > 0)
    throw refusedParams([
      { path: `from.${disorder}`, message: 'expected a fork that stands after the one before it' },
    ]);
  return {
    experiment,
    params: accepted,
    ...(forks.length > 0 ? { from: forks } : {}),
    checkpoint: info.checkpoint,
    ...(info.precision ? { precision: info.precision } : {}),
  };
}

async function acceptedParams(
  context: ServerContext,
  record: Experiment,
  params: Recipe['params'],
  path: string,
): Promise<Record<string, unknown>> {
  const parsed = record.params.safeParse(params, { reportInput: true });
  if (!parsed.success) throw refusedParams(errorsOf(parsed.error, path));
  const unknown = await unknownPictures(context, fieldsOf(record), parsed.data);
  if (unknown.length)
    throw refusedParams(
      unknown.map(({ name, message }) => ({ path: `${path}.${name}`, message })),
      'name a built-in picture, or upload one and give object:<sha256>',
    );
  return parsed.data;
}

const short = (fingerprint: string) => `${fingerprint.slice(0, 12)}…`;

function refusedParams(errors: { path: string; message: string }[], hint?: string): RefusedError {
  const [{ path, message }] = errors as [{ path: string; message: string }];
  return new RefusedError(422, 'recipe', `${path}: ${message}`, { errors, ...(hint ? { hint } : {}) });
}

/** Parameters that name a picture which is neither one of the project's own nor uploaded. Never looked for as a file. */
async function unknownPictures(context: ServerContext, schema: Fields, params: Record<string, unknown>) {
  const own = new Set(infoOf(context).pictures.map(({ reference }) => reference));
  const errors: { name: string; message: string }[] = [];
  for (const [name, field] of Object.entries(schema.properties)) {
    if (!isPicture(field)) continue;
    for (const reference of [params[name]].flat() as string[]) {
      const uploaded =
        reference.startsWith('object:') && (await context.store.has(reference.slice('object:'.length)));
      if (own.has(reference) || uploaded) continue;
      errors.push({ name, message: `there is no picture "${reference.slice(0, 100)}"` });
    }
  }
  return errors;
}

const isPicture = ({ kind }: Field): boolean => kind === 'picture' || kind === 'mask';

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
  return context.queue.submit(id, recipe);
}
