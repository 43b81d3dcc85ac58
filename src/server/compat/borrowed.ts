import type { FastifyReply } from 'fastify';
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
  readonly sampler?: string | undefined;
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
const byWord: Readonly<Record<string, keyof Wishes>> = {
  steps: 'steps',
  guidance: 'guidance',
  strength: 'strength',
  sampler: 'sampler',
};

export interface Translated {
  /** The parameters that fulfil the wishes; the others are what the experiment serves with, or its defaults. */
  readonly params: Record<string, unknown>;
  /** A line for each wish that stays one. */
  readonly warnings: readonly string[];
}

/** @param called  what the client calls its wishes, where that is another word */
export function translated(
  experiment: Experiment,
  wishes: Wishes,
  called: Partial<Record<keyof Wishes, string>> = {},
): Translated {
  const params: Record<string, unknown> = { ...experiment.servedWith };
  const left = new Map(Object.entries(wishes).filter(([, value]) => value !== undefined));
  const warnings: string[] = [];
  for (const [name, field] of Object.entries(fieldsOf(experiment).properties)) {
    const wish = (field.kind && byKind[field.kind]) || byWord[field.cli ?? name];
    const value = wish && left.get(wish);
    if (value === undefined) continue;
    left.delete(wish!);
    const fitting = amongChoices(field, value);
    if (fitting === undefined) {
      const choices = field.enum?.join(', ');
      warnings.push(
        `${called[wish!] ?? wish}: there is no "${value}" here, only ${choices}; the default was taken`,
      );
    } else params[name] = field.type === 'array' ? [fitting] : fitting;
  }
  for (const wish of left.keys())
    warnings.push(`${called[wish as keyof Wishes] ?? wish}: passed over, nothing here has it`);
  return { params, warnings };
}

/** Of a choice, the one that is meant, however it is written; undefined when there is no such. */
function amongChoices(field: Field, value: unknown): unknown {
  const choices = field.items?.enum ?? field.enum;
  if (!choices) return value;
  return choices.find((choice) => String(choice).toLowerCase() === String(value).toLowerCase());
}

export interface Run {
  readonly job: Job;
  readonly warnings: readonly string[];
  /** This client waits no longer; the job ends when nobody does. */
  leave(): Promise<void>;
}

/** Puts a job in the queue and waits for it in the client's name, until `leave`. */
export async function begin(
  context: ServerContext,
  capability: Capability,
  wishes: Wishes,
  called?: Partial<Record<keyof Wishes, string>>,
): Promise<Run> {
  const experiment = experimentFor(context, capability);
  context.waiters.expectRoom();
  const { params, warnings } = translated(experiment, wishes, called);
  const recipe = await acceptedRecipe(context, { experiment: experiment.id, params });
  const { job, created } = await enqueue(context, recipe);
  return { job, warnings, leave: context.waiters.enter(job, created) };
}

/** Aborts when the client goes away before it has its answer. */
export function clientGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (raw.destroyed) gone.abort();
  raw.on('close', () => {
    if (!raw.writableFinished) gone.abort();
  });
  return gone.signal;
}

/** A picture, and what was said while it was drawn: of a prompt that was cut, for one. */
export interface Drawn {
  readonly figure: FigureInfo;
  readonly warnings: readonly string[];
}

/** The client waits no longer. */
export class Gone extends RefusedError {
  constructor() {
    super(499, 'gone', 'the client waits no longer');
  }
}

/**
 * Waits for the picture.
 *
 * @param look  is shown every step
 * @throws {Gone} when `until` aborts
 * @throws {RefusedError} with the job's error: 422 where the client can mend it, else 500; 409 when it was cancelled
 */
export async function finish(
  { queue }: ServerContext,
  { job, warnings: before, leave }: Run,
  until: AbortSignal,
  look: (step: StepEvent) => void | Promise<void> = () => {},
): Promise<Drawn> {
  const warnings = [...before];
  try {
    for await (const event of queue.events(job.id, 0, until)) {
      if (event.type === 'step') await look(event);
      if (event.type === 'warning') warnings.push(event.message);
      if (event.type === 'failed') {
        const { code, message, hint, status = 500 } = event.error;
        throw new RefusedError(status, code, message, hint ? { hint } : {});
      }
      if (event.type === 'cancelled') throw new RefusedError(409, 'cancelled', 'the job was cancelled');
      if (event.type === 'done') return { figure: resultOf(event.figures), warnings };
    }
    throw new Gone();
  } finally {
    void leave();
  }
}

/** The figure that was drawn last and has a seed: originals and masks have none. */
function resultOf(figures: readonly FigureInfo[]): FigureInfo {
  const result = figures.findLast(({ seed }) => seed !== undefined) ?? figures.at(-1);
  if (result) return result;
  throw new RefusedError(500, 'no-figure', 'the experiment made no picture');
}

/** Seeds of a client are any number, or −1 or nothing for chance. */
export const seedOf = (seed: number | undefined): number =>
  seed === undefined || seed < 0 ? Math.floor(Math.random() * 2 ** 32) : Math.floor(seed) % 2 ** 32;

/** What a client sent that nothing here heeds, and that says something: silence would let it believe otherwise. */
export function unheeded(
  sent: Readonly<Record<string, unknown>>,
  heeded: readonly string[],
  /** Values of theirs that change nothing. */
  idle: Readonly<Record<string, readonly unknown[]>> = {},
): string[] {
  return Object.entries(sent)
    .filter(([name, value]) => !heeded.includes(name) && saysSomething(value, idle[name]))
    .map(([name]) => `${name.slice(0, 100)}: passed over, nothing here does it`);
}

function saysSomething(value: unknown, idle?: readonly unknown[]): boolean {
  if (idle) return value !== undefined && value !== null && !idle.includes(value);
  if (value === null || typeof value !== 'object')
    return ![undefined, null, '', false, 0, -1].includes(value as never);
  return Object.keys(value).length > 0;
}
