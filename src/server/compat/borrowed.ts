import type { FastifyReply } from 'fastify';
import sharp from 'sharp';
import type { Experiment } from '../../experiments/experiment.ts';
import { type Field, fieldsOf } from '../../experiments/field.ts';
import type { FigureInfo, Job, StepEvent } from '../../jobs/job.ts';
import type { Capability } from '../api-types.ts';
import { acceptedRecipe, enqueue, type ServerContext } from '../context.ts';
import { RefusedError } from '../problem.ts';

/** What a client of another API wants of an experiment, in words that all have in common. */
export interface Wishes {
  readonly prompt?: string | undefined;
  /** `object:<sha256>` */
  readonly picture?: string | undefined;
  readonly mask?: string | undefined;
  readonly seed?: number | undefined;
  readonly steps?: number | undefined;
  readonly guidance?: number | undefined;
  /** 0 keeps the picture, 1 forgets it. */
  readonly strength?: number | undefined;
}

/** @throws {RefusedError} 501 when no experiment of the list can do it */
export function experimentFor({ experiments }: ServerContext, capability: Capability): Experiment {
  const found = experiments.find(({ serves }) => serves === capability);
  if (found) return found;
  throw new RefusedError(501, 'capability', `no experiment here serves ${capability}`);
}

/** Wishes by the kind of a parameter, or by its word on the command line. */
const byKind: Readonly<Record<string, keyof Wishes>> = {
  prompt: 'prompt',
  picture: 'picture',
  mask: 'mask',
  seed: 'seed',
};
const byWord: Readonly<Record<string, keyof Wishes>> = { steps: 'steps', guidance: 'guidance' };

/** The parameters of an experiment that fulfil the wishes it knows; the others keep their defaults. */
export function paramsFor(experiment: Experiment, wishes: Wishes): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fieldsOf(experiment).properties)) {
    const word = field.cli ?? name;
    const wish = (field.kind && byKind[field.kind]) || byWord[word];
    const value = word === 'i-start' ? iStart(field, wishes.strength) : wish && wishes[wish];
    if (value !== undefined) params[name] = field.type === 'array' ? [value] : value;
  }
  return params;
}

/** Of the strided steps, the share that is skipped. */
function iStart(field: Field, strength: number | undefined): number | undefined {
  const last = field.items?.maximum ?? field.maximum;
  if (strength === undefined || last === undefined) return undefined;
  return Math.min(last, Math.max(0, Math.round((1 - strength) * (last + 1))));
}

export interface Run {
  readonly job: Job;
  /** Who made the job may cancel it; who found it may not. */
  readonly created: boolean;
}

export async function begin(context: ServerContext, capability: Capability, wishes: Wishes): Promise<Run> {
  const experiment = experimentFor(context, capability);
  const recipe = await acceptedRecipe(context, {
    experiment: experiment.id,
    params: paramsFor(experiment, wishes),
  });
  return enqueue(context, recipe);
}

/** Aborts when the client goes away before it has its answer. */
export function clientGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}

/** A picture, and what was said while it was drawn: of a prompt that was cut, for one. */
export interface Drawn {
  readonly figure: FigureInfo;
  readonly warnings: readonly string[];
}

/**
 * Waits for the picture; a client that goes away takes its job with it.
 *
 * @param look  is shown every step
 * @throws {RefusedError} 500 with the job's error; 409 when it was cancelled
 */
export async function finish(
  { queue }: ServerContext,
  { job, created }: Run,
  gone: AbortSignal,
  look: (step: StepEvent) => void | Promise<void> = () => {},
): Promise<Drawn> {
  const warnings: string[] = [];
  for await (const event of queue.events(job.id, 0, gone)) {
    if (event.type === 'step') await look(event);
    if (event.type === 'warning') warnings.push(event.message);
    if (event.type === 'failed') throw new RefusedError(500, event.error.code, event.error.message);
    if (event.type === 'cancelled') throw new RefusedError(409, 'cancelled', 'the job was cancelled');
    if (event.type === 'done') return { figure: resultOf(event.figures), warnings };
  }
  if (created) await queue.cancel(job.id);
  throw new RefusedError(499, 'gone', 'the client went away');
}

/** The figure that was drawn last and has a seed: originals and masks have none. */
function resultOf(figures: readonly FigureInfo[]): FigureInfo {
  const result = figures.findLast(({ seed }) => seed !== undefined) ?? figures.at(-1);
  if (result) return result;
  throw new RefusedError(500, 'no-figure', 'the experiment made no picture');
}

/** A stored picture, at another size if one is asked for. */
export async function pictureBytes(
  { store }: ServerContext,
  object: string,
  size?: { width: number; height: number } | undefined,
): Promise<Buffer> {
  const bytes = await store.get(object);
  if (!bytes) throw new RefusedError(500, 'object', `the picture ${object} is not there`);
  return size
    ? sharp(bytes)
        .resize({ ...size, fit: 'fill', kernel: 'cubic' })
        .png()
        .toBuffer()
    : bytes;
}

/** Seeds of a client are any number, or −1 or nothing for chance. */
export const seedOf = (seed: number | undefined): number =>
  seed === undefined || seed < 0 ? Math.floor(Math.random() * 2 ** 32) : Math.floor(seed) % 2 ** 32;
