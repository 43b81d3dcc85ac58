import * as z from 'zod';
import { viewNamed } from '../diffusion/named-view.ts';
import type { Side } from '../diffusion/verdict.ts';
import type { View } from '../diffusion/view.ts';
import { proveView, type ViewProof } from '../diffusion/view-proof.ts';
import { identity } from '../diffusion/views.ts';
import { weightedViews } from '../diffusion/weighted-views.ts';
import { RecipeError } from '../errors.ts';
import type { Composition } from './drawing.ts';
import { promptText } from './params.ts';

/** One side of an anagram, as a recipe says it. */
export interface SideRecipe {
  readonly prompt: string;
  readonly view: string;
  readonly negative: string;
  readonly guidanceScale: number;
  readonly weight: number;
}

const MOST = 8;

/** Prompts of an anagram, the upright one first. */
export const sidePrompts = (...values: string[]) =>
  z
    .array(promptText.meta({ kind: 'prompt' }))
    .min(2)
    .max(MOST)
    .default(values)
    .meta({ kind: 'prompt', cli: 'prompt', description: 'what each side shows, upright first; 2 to 8' });

export const negatives = z.array(promptText).min(1).max(MOST).default(['']).meta({
  cli: 'negative',
  expert: true,
  description: 'what the sides are pushed away from: one for all, or one each',
});

export const viewText = z.string().min(1).max(200);

/**
 * The sides of an anagram out of parallel lists, each of one entry for all or one for each.
 *
 * @throws {RecipeError} when a list fits neither
 */
export function sidesOf(
  lists: Readonly<Record<'prompts' | 'views' | 'negatives', readonly string[]>> &
    Readonly<Record<'guidance' | 'weights', readonly number[]>>,
): SideRecipe[] {
  const count = lists.prompts.length;
  const each = <K extends keyof typeof lists>(name: K, i: number): (typeof lists)[K][number] => {
    const list = lists[name];
    const alike = name !== 'views' && list.length === 1;
    if (!alike && list.length !== count)
      throw new RecipeError(
        name,
        `${list.length} given for ${count} prompts`,
        name === 'views' ? 'give one for each' : 'give one for all, or one for each',
      );
    return list[alike ? 0 : i]!;
  };
  return lists.prompts.map((prompt, i) => ({
    prompt,
    view: each('views', i),
    negative: each('negatives', i),
    guidanceScale: each('guidance', i),
    weight: each('weights', i),
  }));
}

/** What an anagram is made of, in stage I and II alike. */
export function sidesComposed(sides: readonly SideRecipe[]): Composition {
  const seen = sides.map((side) => ({ ...side, view: viewNamed(side.view) }));
  return (stage) =>
    weightedViews(
      ...seen.map(
        ({ prompt, view, weight, guidanceScale, negative }) =>
          [weight, view, stage(prompt, turnedUnder(view), { guidanceScale, negative })] as const,
      ),
    );
}

const proofs = new Map<string, ViewProof>();

/**
 * Every view proves itself for pictures of a size before the first step is taken.
 *
 * @throws {RecipeError} with what it does to the noise, when it fails
 */
export function proveSides(sides: readonly SideRecipe[], size: number): void {
  for (const { view } of sides) {
    const key = `${view} ${size}`;
    const proof = proofs.get(key) ?? proveView(viewNamed(view), size);
    proofs.set(key, proof);
    if (!proof.holds)
      throw new RecipeError(
        'views',
        `${view} is no orthogonal view: the noise it shows has a variance of ${proof.variance.map((v) => v.toFixed(2)).join(' to ')} and a correlation of ${proof.correlation.toFixed(2)}`,
        'choose one that only moves pixels or turns colours',
      );
  }
}

/** Upright sides share what they are pushed away from, and stage II need not turn its condition for them. */
export const turnedUnder = (view: View): View | undefined => (view === identity ? undefined : view);

/** The sides as somebody looks at them. */
export const looked = (sides: readonly SideRecipe[]): Side[] =>
  sides.map(({ prompt, view }) => ({ prompt, seen: viewNamed(view).apply }));

/** How a figure tells of its sides: to those who turn pictures, and to those who show two. */
export const sideFigure = (sides: readonly SideRecipe[]) => ({
  sides: sides.map(({ prompt, view }) => ({ view, caption: prompt })),
  caption: sides[0]!.prompt,
  ...(sides[0]!.view === 'identity' && { view: sides[1]!.view, turnedCaption: sides[1]!.prompt }),
});
