import * as z from 'zod';
import { files } from '#platform/files';
import { readConfig } from '../checkpoint/config.ts';
import { type ChosenIllusion, mentioned } from './chosen.ts';

const pairSchema = z.object({
  sides: z.tuple([z.string(), z.string()]),
  view: z.string(),
  tried: z.int().positive(),
  yield: z.number().min(0).max(1),
  best: z.object({
    seed: z.int().min(0),
    guidance: z.array(z.number().min(0)).min(1),
    weights: z.array(z.number().gt(0)).min(1),
    readable: z.number().min(0).max(1),
  }),
});
const pairsSchema = z.looseObject({
  weights: z.string(),
  steps: z.int().positive(),
  readable: z.number().min(0).max(1),
  pairs: z.array(pairSchema),
});

/** Two subjects in one picture, upright and turned: how often that went well. */
export interface Pair {
  /** Prompts: upright, and through the view. */
  readonly sides: readonly [string, string];
  readonly view: string;
  /** Seeds tried, and the share of them in which the judge found both sides readable. */
  readonly tried: number;
  readonly yield: number;
  /** The one that the judge liked most: how to draw it, and how readable its weaker side is. */
  readonly best: {
    readonly seed: number;
    readonly guidance: readonly number[];
    readonly weights: readonly number[];
    readonly readable: number;
  };
}

/** Which subjects of a checkpoint go together, tried once by `training/pairs.mjs`. */
export interface Pairs {
  /** Fingerprint of the checkpoint they were drawn with: other weights draw other pictures. */
  readonly weights: string;
  readonly steps: number;
  /** How readable the weaker side must be to count. */
  readonly readable: number;
  readonly pairs: readonly Pair[];
}

/**
 * What the checkpoint of a folder is known to draw together, by its own pairs.json; nothing where it has none.
 *
 * @throws {CheckpointError} 'config' when the table is not what it should be
 */
export async function pairsOf(folder: string): Promise<Pairs | undefined> {
  if (!(await files.names(folder)).includes('pairs.json')) return undefined;
  return readConfig(files.join(folder, 'pairs.json'), pairsSchema);
}

/**
 * The best first: by their yield, and among equals by the best that was found. A pair stands once, with the view that suits it.
 *
 * @param words  of which each must be in one of the two prompts
 */
export function pairsWith({ pairs }: Pairs, words: readonly string[] = []): Pair[] {
  const best = new Map<string, Pair>();
  const order = (a: Pair, b: Pair) => b.yield - a.yield || b.best.readable - a.best.readable;
  for (const pair of pairs.toSorted(order)) {
    const key = pair.sides.toSorted().join(' / ');
    if (!best.has(key) && mentioned(pair.sides, words)) best.set(key, pair);
  }
  return [...best.values()];
}

/** Two prompts that were seen to go well in one picture, and the view through which the second is seen. */
export type Together = Pick<Pair, 'sides' | 'view'>;

/** What goes together: what somebody chose first, then what a judge found readable, the best first. */
export function togetherIn({
  chosen = [],
  pairs,
}: {
  readonly chosen?: readonly ChosenIllusion[] | undefined;
  readonly pairs?: Pairs | undefined;
}): Together[] {
  const seen = chosen.flatMap(({ prompts: [a, b], views: [, view] }): Together[] =>
    a !== undefined && b !== undefined && view !== undefined ? [{ sides: [a, b], view }] : [],
  );
  const found = pairs ? pairsWith(pairs).filter(({ best }) => best.readable >= pairs.readable) : [];
  return [...seen, ...found.map(({ sides, view }) => ({ sides, view }))];
}
