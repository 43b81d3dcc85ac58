import * as z from 'zod';
import { RecipeError } from '../errors.ts';
import type { Picture } from '../images/picture.ts';
import { toPicture } from '../images/picture.ts';
import { amount } from '../words.ts';
import type { Fork } from './branch.ts';
import type { Experiment, Figure, RunContext } from './experiment.ts';
import { forksSchema } from './recipe.ts';
import { type RunOptions, runExperiment } from './runner.ts';
import { CELLS, type Departure, departure, type TracePoint } from './trace.ts';

/** What a picture of an output folder says of itself. A stranger wrote it: nothing of it is believed before it is checked. */
const told = z.object({
  recipe: z.object({ experiment: z.string(), base: z.string(), upscaler: z.string().optional() }),
  hash: z.string(),
  figure: z.object({ id: z.string() }),
  params: z.record(z.string(), z.unknown()),
  from: forksSchema.optional(),
});
const traced = z
  .array(z.object({ label: z.string(), t: z.number(), cells: z.array(z.number()).max(CELLS ** 2) }))
  .max(5000);
export type PartInside = z.output<typeof told>;

/** What the server's pictures say: the whole job. */
const job = z.object({
  experiment: z.string(),
  params: z.record(z.string(), z.unknown()),
  from: forksSchema.optional(),
});

/** A recipe as both kinds of picture tell it. */
export interface RecipeToFollow {
  readonly experiment: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly from?: readonly Fork[] | undefined;
  readonly made?: PartInside | undefined;
  readonly trace?: readonly TracePoint[] | undefined;
}

/**
 * @param file  what the picture is called in errors
 * @throws {RecipeError} when there is no recipe that can be followed
 */
export function recipeToFollow(recipe: unknown, trace?: unknown, file = 'the picture'): RecipeToFollow {
  const made = told.safeParse(recipe);
  if (made.success) {
    const { recipe: part, params, from } = made.data;
    return {
      experiment: part.experiment,
      params,
      from,
      made: made.data,
      trace: traced.safeParse(trace).data,
    };
  }
  const asked = job.safeParse(recipe);
  if (asked.success) return asked.data;
  const sheet = (recipe as { sheet?: unknown } | undefined)?.sheet;
  if (Array.isArray(sheet))
    throw new RecipeError('', `${file} is a sheet of ${amount(sheet.length, 'picture')}`, 'give one of them');
  throw new RecipeError(
    '',
    recipe === undefined
      ? `${file} carries no recipe`
      : `the recipe in ${file} does not say with which parameters it was made`,
    'pictures that campanile writes carry it; a copy that another program saved has usually lost it',
  );
}

/** What comes of making a picture again. */
export interface Verification {
  readonly result: 'same' | 'within tolerance' | 'departs';
  /** Values that differ, of how many; the most, of 255, and where that is. */
  readonly different: number;
  readonly values: number;
  readonly worst: number;
  readonly x: number;
  readonly y: number;
  /** The first step that came out otherwise, where the picture carries its trace. */
  readonly departure?: Departure | undefined;
}

/** Rounding in float32 may move a value by one (docs/conventions.md). */
const TOLERANCE = 1;

/**
 * Makes a picture again from what it says of itself, and holds the two against each other.
 *
 * @throws {RecipeError} when it cannot be made here: another checkpoint, another photograph, an experiment that is unknown
 */
export async function verify(
  picture: Picture,
  { experiment: id, params, from, made, trace: before }: RecipeToFollow,
  experiments: readonly Experiment[],
  context: RunContext,
  digest?: (reference: string) => Promise<string>,
): Promise<Verification> {
  const experiment = experiments.find((known) => known.id === id);
  if (!experiment) throw new RecipeError('experiment', `there is no experiment "${id}"`);
  if (made) sameModels(made, context);
  // Where it was made without stage II, what is not enlarged says so by its recipe.
  const models = made && made.recipe.upscaler === undefined ? { ...context, upscaler: undefined } : context;
  let best: Verification | undefined;
  let others = false;
  for await (const { figure, hash, trace } of figuresMade(experiment, params, models, { digest, from })) {
    if (made && hash !== made.hash) {
      others = true;
      continue;
    }
    const again = toPicture(figure.image);
    if (again.width !== picture.width || again.height !== picture.height) continue;
    const found = compared(picture, again, before && departure(before, trace));
    // By its name where that is known; a figure's place among others may be part of its name.
    const sure = made ? figure.id === made.figure.id : found.different === 0;
    if (!best || sure || found.different < best.different) best = found;
    if (sure) break;
  }
  if (best) return best;
  if (others)
    throw new RecipeError(
      '',
      'a picture or mask that it was made from is another one now',
      'put the file it was made from in its place',
    );
  throw new RecipeError(
    '',
    `its recipe makes no picture of ${picture.width} × ${picture.height} pixels here`,
  );
}

function sameModels({ recipe }: PartInside, { base, upscaler }: RunContext): void {
  const pairs = [
    ['--checkpoint', recipe.base, base.fingerprint],
    ['--upscaler', recipe.upscaler, upscaler?.fingerprint],
  ] as const;
  for (const [option, then, now] of pairs)
    if (then !== undefined && then !== now)
      throw new RecipeError(
        option,
        `the picture was made by a checkpoint with the fingerprint ${then.slice(0, 12)}, this one has ${now?.slice(0, 12) ?? 'none'}`,
        `name the checkpoint it was made with by ${option}`,
      );
}

interface Made {
  readonly figure: Figure;
  readonly hash: string;
  readonly trace: readonly TracePoint[];
}

/** The figures of an experiment, made afresh, each as soon as it is there. */
async function* figuresMade(
  experiment: Experiment,
  params: Readonly<Record<string, unknown>>,
  context: RunContext,
  options: Pick<RunOptions, 'digest' | 'from'>,
): AsyncGenerator<Made> {
  const made: Made[] = [];
  const store = {
    get: async () => undefined,
    put: async (hash: string, _: unknown, figure: Figure, { trace }: { trace: readonly TracePoint[] }) =>
      void made.push({ figure, hash, trace }),
    complete: async () => undefined,
  };
  for await (const event of runExperiment(experiment, params, context, { store, ...options }))
    if (event.type === 'figure') yield made.pop()!;
}

function compared(a: Picture, b: Picture, where: Departure | undefined): Verification {
  let [different, worst, at] = [0, 0, 0];
  for (let i = 0; i < a.data.length; i++) {
    const off = Math.abs(a.data[i]! - b.data[i]!);
    if (off > 0) different++;
    if (off > worst) [worst, at] = [off, i];
  }
  const pixel = Math.floor(at / a.channels);
  const result = worst === 0 ? 'same' : worst <= TOLERANCE ? 'within tolerance' : 'departs';
  return {
    result,
    different,
    values: a.data.length,
    worst,
    x: pixel % a.width,
    y: Math.floor(pixel / a.width),
    departure: result === 'departs' ? where : undefined,
  };
}
