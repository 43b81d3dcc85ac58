import * as z from 'zod';
import { RecipeError } from '../errors.ts';
import type { Models } from '../models/model.ts';
import type { Part } from './experiment.ts';
import { uselessAllWith } from './field.ts';
import illusion, { illusionPart } from './illusion.ts';
import type { StageTwo } from './params.ts';
import { sidesAskedFor } from './side-params.ts';

/** Whether an experiment shows what was chosen among many seeds, too. */
export const chosenParam = z.enum(['without', 'beside', 'only']).default('without').meta({
  expert: true,
  description:
    'the picture that was chosen among many for these prompts, where the checkpoint comes with one: without, beside the one that these values draw, or only that',
});
export type Chosen = z.output<typeof chosenParam>;

/** Parameters that do nothing where only what was chosen is shown, which brings its own. */
export const unlessChosen = <Shape extends Readonly<Record<string, z.ZodType>>>(shape: Shape): Shape =>
  uselessAllWith(shape, { chosen: ['only'] });

/** Where a chosen picture stands, and what leaves it alone. */
interface Placed extends StageTwo, Pick<Part, 'alone'> {
  readonly id: string;
  readonly column: string;
}

/**
 * The part that draws the illusion which was chosen for these prompts, through whatever view, as `illusion` would; nothing
 * where the checkpoint comes with none.
 *
 * @param shown  the sides in their order, or what is seen from afar and from near
 */
export function chosenPart(
  shown: { readonly prompts: readonly string[]; readonly near?: string },
  { id, column, alone, ...stageTwo }: Placed,
  models: Models,
): Part | undefined {
  const wanted = JSON.stringify([shown.prompts, shown.near ? [shown.near] : []]);
  const found = (models.base.chosen ?? [])
    .map((given) => illusion.params.safeParse(given).data)
    .find((params) => params && JSON.stringify([params.prompts, params.near]) === wanted);
  if (!found) return undefined;
  const { prompts, views, near, factorization, sigma, mask, share, ...others } = found;
  const { negatives, guidance, weights, ...options } = others;
  const split = { factorization, sigma, mask, share };
  const sides = sidesAskedFor({ prompts, views, near, ...split, negatives, guidance, weights });
  const placed = { id, column, rows: ['Chosen, stage I', 'Chosen, stage II'] as const };
  const part = illusionPart(sides, { ...options, ...stageTwo }, models, placed);
  return { ...part, key: `chosen: ${part.key}`, alone: { ...alone, chosen: 'only' } };
}

const without = (part: Part): Part => ({ ...part, alone: { ...part.alone, chosen: 'without' } });

/**
 * The parts of an experiment, with those that were chosen for them behind.
 *
 * @param of  the one chosen for the i-th part
 * @throws {RecipeError} when only those are wanted, and there is none
 */
export function withChosen(drawn: Part[], chosen: Chosen, of: (i: number) => Part | undefined): Part[] {
  if (chosen === 'without') return drawn;
  const found = drawn.map((_, i) => of(i)).filter((part) => part !== undefined);
  if (chosen === 'beside') return [...drawn.map(without), ...found];
  if (found.length > 0) return found;
  throw new RecipeError(
    'chosen',
    'the checkpoint comes with no picture that was chosen for these prompts',
    'find one with campanile search',
  );
}
