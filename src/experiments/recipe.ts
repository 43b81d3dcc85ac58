import * as z from 'zod';
import { sha256 } from '../checkpoint/hash.ts';
import { RecipeError } from '../errors.ts';
import type { ModelInfo, Models } from '../models/model.ts';
import { plainly } from '../plainly.ts';
import { type Fork, MOST_FORKS } from './branch.ts';
import type { Experiment, Part } from './experiment.ts';
import { fieldsOf, uselessGiven, uselessInWords, withValue } from './field.ts';

/** Everything the figures of a part depend on. Equal recipes are equal pictures, bit for bit on one machine. */
export interface PartRecipe {
  readonly version: 1;
  readonly experiment: string;
  readonly part: string;
  readonly inputs: unknown;
  /** Of a branch: the parts it left, one after the other, and where. */
  readonly from?: readonly (Pick<PartRecipe, 'part' | 'inputs'> & Omit<Fork, 'params'>)[] | undefined;
  /** sha256 of each picture and mask it reads. */
  readonly pictures: Readonly<Record<string, string>>;
  readonly base: string;
  readonly upscaler?: string | undefined;
  /** See `roundingOf`. */
  readonly precision?: 'half' | undefined;
  readonly device?: string | undefined;
}

/** What makes a picture again wherever the same weights are: what a PNG carries, and what a server takes. */
export interface RunRecipe {
  readonly experiment: string;
  /** Of the part that made it, alone: the defaults are filled in. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Of a branch: the runs it left, one after the other, and where. */
  readonly from?: readonly Fork[] | undefined;
  /** Fingerprint of the weights of all stages together. */
  readonly checkpoint?: string | undefined;
  readonly precision?: 'half' | undefined;
}

/** `Fork`s, as they are told. */
export const forksSchema = z
  .array(
    z.strictObject({
      params: z.record(z.string(), z.unknown()).describe('the values of the run that is left'),
      walk: z.int().min(0).max(1000).describe('which of its walks; 0 is the first: stage I, as a rule'),
      step: z.int().min(0).max(1000).describe('how many steps of that walk are taken as they were'),
    }),
  )
  .min(1)
  .max(MOST_FORKS)
  .readonly()
  .describe(
    'of a branch: the runs that it left, the first one first, and where; the values beside it hold from the last fork on',
  );

/** What a recipe says of the models. */
export const drawnWith = ({
  base,
  upscaler,
}: Models): Pick<RunRecipe, 'precision'> & { checkpoint: string } => ({
  checkpoint: upscaler ? `${base.fingerprint}+${upscaler.fingerprint}` : base.fingerprint,
  precision: roundingOf(base, upscaler).precision,
});

/**
 * JSON with sorted keys and without white space: equal values are equal texts, as a hash needs them.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}

/** sha256 of the recipe, 64 hex digits: the name of what it makes. */
export const recipeHash = (recipe: PartRecipe): Promise<string> => sha256(canonicalJson(recipe));

/**
 * Of models that compute in half precision, that and the device: its rounding shows, and every device has its own (36 to 80 dB,
 * docs/real-weights.md). In full precision devices agree to 1e-5 and share their pictures: nothing is named.
 */
export function roundingOf(
  ...models: readonly (ModelInfo | undefined)[]
): Pick<PartRecipe, 'precision' | 'device'> {
  const half = models.find((model) => model?.precision === 'half');
  return half ? { precision: 'half', device: half.device } : {};
}

/** The recipe of one part of an experiment. */
export async function recipeOf(
  experiment: Experiment,
  part: Part,
  models: Models,
  digest: (reference: string) => Promise<string>,
): Promise<PartRecipe> {
  const references = [...new Set(part.pictures ?? [])];
  const digests = await Promise.all(
    references.map(async (reference) => [reference, await digest(reference)]),
  );
  const upscaler = part.calls.upscaler ? models.upscaler : undefined;
  return {
    version: 1,
    experiment: experiment.id,
    part: part.key,
    inputs: part.inputs,
    pictures: Object.fromEntries(digests),
    base: models.base.fingerprint,
    upscaler: upscaler?.fingerprint,
    ...roundingOf(models.base, upscaler),
  };
}

/** How whoever gave the parameters is told what is wrong with them. */
export interface Telling {
  /** What they call a parameter; by default its own name, and the place in a list. */
  readonly called?: (path: readonly PropertyKey[]) => string;
  /** What they give for a parameter to have a value. */
  readonly given?: ((name: string, value: unknown) => string) | undefined;
  readonly hint?: string | undefined;
}

/**
 * Parameters with the defaults filled in.
 *
 * @throws {RecipeError} naming the first parameter that is unknown, of the wrong kind, out of its range, or does nothing with
 *   the others as they are
 */
export function parseParams(
  experiment: Experiment,
  params: unknown,
  {
    called = (path) => path.join('.'),
    given = (name, value) => withValue(called([name]), value),
    hint,
  }: Telling = {},
): Record<string, unknown> {
  const result = experiment.params.safeParse(params ?? {}, { reportInput: true });
  if (result.success) {
    const [useless] = uselessGiven(fieldsOf(experiment), result.data);
    if (!useless) return result.data;
    throw new RecipeError(called([useless.name]), uselessInWords(useless, given), 'leave one of the two out');
  }
  const issue = result.error.issues[0]!;
  const known = Object.keys(experiment.params.shape);
  const unknownKeys = issue.code === 'unrecognized_keys' ? issue.keys : [];
  if (unknownKeys.length > 0)
    throw new RecipeError(
      called([...issue.path, unknownKeys[0]!]),
      `${experiment.id} has no such parameter`,
      `it has ${known.join(', ')}`,
    );
  throw new RecipeError(called(issue.path), plainly(issue), hint);
}
