import * as z from 'zod';
import type { SeenSide } from '../diffusion/balance.ts';
import { factorizations, factorized, fromAfar, HYBRID_BLUR } from '../diffusion/components.ts';
import { viewNamed } from '../diffusion/named-view.ts';
import type { Side } from '../diffusion/verdict.ts';
import type { View } from '../diffusion/view.ts';
import { proveView, type ViewProof } from '../diffusion/view-proof.ts';
import { identity } from '../diffusion/views.ts';
import { weightedViews } from '../diffusion/weighted-views.ts';
import { RecipeError } from '../errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { along, type Course, readCourse } from './course.ts';
import type { Composition } from './drawing.ts';
import type { Figure, RunEvent } from './experiment.ts';
import { promptText } from './params.ts';
import { viewInWords } from './view-in-words.ts';
import type { Pushed } from './walk.ts';

/** One side of an anagram, as a recipe says it. */
export interface SideRecipe {
  readonly prompt: string;
  readonly view: string;
  readonly negative: string;
  readonly guidanceScale: Course;
  readonly weight: Course;
  /** What is seen from near, where the side is a hybrid and `prompt` what it shows from afar. */
  readonly near?: string | undefined;
  /** γ of what is seen from near, where it is another. */
  readonly nearGuidance?: Course | undefined;
  /** σ of the blur that parts the two, where it is not that of the document's hybrids. */
  readonly sigma?: number | undefined;
}

const MOST = 8;

/** Prompts of an anagram, the upright one first. */
export const sidePrompts = (...values: string[]) =>
  z
    .array(promptText.meta({ kind: 'prompt' }))
    .min(1)
    .max(MOST)
    .default(values)
    .meta({
      kind: 'prompt',
      together: true,
      cli: 'prompt',
      description: 'what each side shows, upright first; 2 to 8, or 1 that shows something else from near',
    });

export const nearPrompts = z
  .array(promptText.meta({ kind: 'prompt' }))
  .max(MOST)
  .default([])
  .meta({
    kind: 'prompt',
    together: true,
    cli: 'near',
    description:
      'what the sides show from near, so that their prompts are seen from afar: one for each, empty for a side that is no hybrid',
  });

/** σ of the blur for sides that show something else from near. */
export const sigmaOfSides = z.number().min(0.5).max(4);
export const SIGMA_IN_WORDS =
  'σ of the blur in pixels at 64, where a side shows something else from near: larger leaves more to what is near';

export const negatives = z.array(promptText).min(1).max(MOST).default(['']).meta({
  cli: 'negative',
  expert: true,
  description: 'what the sides are pushed away from: one for all, or one each',
});

/** A list of 64 × 64 places, and other views beside it. */
const LONGEST_VIEW = 24_000;
export const viewText = z.string().min(1).max(LONGEST_VIEW).meta({ kind: 'view' });

/**
 * The sides of an anagram out of parallel lists, each of one entry for all or one for each; that of the guidance may have one
 * for each prompt, too, those from near behind those from afar.
 *
 * @throws {RecipeError} when a list fits neither, or one side is all and shows one thing
 */
export function sidesOf(
  lists: Readonly<Record<'prompts' | 'views' | 'negatives', readonly string[]>> &
    Readonly<Record<'guidance' | 'weights', readonly unknown[]>> & {
      readonly near?: readonly string[];
      readonly sigma?: number;
    },
): SideRecipe[] {
  const count = lists.prompts.length;
  const { near = [], sigma = HYBRID_BLUR.sigma } = lists;
  const [guidance, weights] = [lists.guidance, lists.weights].map((list) =>
    list.map((one) => readCourse(one)!),
  );
  const all = { ...lists, guidance: guidance!, weights: weights! };
  const each = <K extends 'views' | 'negatives' | 'guidance' | 'weights'>(
    name: K,
    i: number,
  ): (typeof all)[K][number] => {
    const list = all[name];
    const alike = name !== 'views' && list.length === 1;
    if (!alike && list.length !== count)
      throw new RecipeError(
        name,
        `${list.length} given for ${count} prompts`,
        name === 'views' ? 'give one for each' : 'give one for all, or one for each',
      );
    return list[alike ? 0 : i]!;
  };
  if (near.length > count)
    throw new RecipeError('near', `${near.length} given for ${count} prompts`, 'give at most one for each');
  if (count === 1 && !near[0])
    throw new RecipeError(
      'prompts',
      'one side that shows one thing is no illusion',
      'give a second prompt, or what it shows from near',
    );
  if (count > 1 && all.weights.length === 1 && typeof all.weights[0] === 'string')
    throw new RecipeError(
      'weights',
      `all sides count ${all.weights[0]}, so none gains on another`,
      'give one for each, as 9..5 for the first and 1..5 for the second',
    );
  if (sigma !== HYBRID_BLUR.sigma && near.every((text) => text === ''))
    throw new RecipeError(
      'sigma',
      'no side shows something else from near, so nothing is blurred',
      'say what one shows from near, or leave it out',
    );
  const shown = count + near.filter((text) => text !== '').length;
  const pushes = all.guidance.length === shown ? [...all.guidance] : undefined;
  return lists.prompts.map((prompt, i) => {
    const guidanceScale = pushes?.shift() ?? each('guidance', i);
    const nearGuidance = near[i] ? pushes?.shift() : undefined;
    return {
      prompt,
      view: each('views', i),
      negative: each('negatives', i),
      guidanceScale,
      weight: each('weights', i),
      ...(near[i] && { near: near[i] }),
      ...(nearGuidance !== undefined && nearGuidance !== guidanceScale && { nearGuidance }),
      ...(near[i] && sigma !== HYBRID_BLUR.sigma && { sigma }),
    };
  });
}

/** The guidance of all sides, as `sidesOf` takes it. */
export const guidanceOf = (sides: readonly SideRecipe[]): Course[] =>
  sides.some(({ nearGuidance }) => nearGuidance !== undefined)
    ? sides.flatMap(({ near, guidanceScale, nearGuidance = guidanceScale }) =>
        near ? [guidanceScale, nearGuidance] : [guidanceScale],
      )
    : sides.map(({ guidanceScale }) => guidanceScale);

/** σ as `sidesOf` takes it, where it is not the usual. */
export const sigmaOf = (sides: readonly SideRecipe[]): { readonly sigma?: number } => {
  const found = sides.find(({ sigma }) => sigma !== undefined)?.sigma;
  return found === undefined ? {} : { sigma: found };
};

/** What an anagram is made of, in stage I and II alike. */
export function sidesComposed(sides: readonly SideRecipe[]): Composition {
  return (stage, size) =>
    weightedViews(...sides.map((side) => [along(side.weight), ...sideOf(side, stage, size)] as const));
}

/** How a side is seen, and what is seen then: one thing, or one from afar and another from near. */
export function sideOf(side: SideRecipe, stage: Pushed, size: number): SeenSide {
  const { prompt, near, guidanceScale, nearGuidance = guidanceScale, negative, sigma } = side;
  const view = viewNamed(side.view);
  const shown = (text: string, course: Course) =>
    stage(text, turnedUnder(view), { guidanceScale: along(course), negative });
  if (!near) return [view, shown(prompt, guidanceScale)];
  const [low, high] = factorizations.hybrid.components(size, {
    ...HYBRID_BLUR,
    ...(sigma && { sigma }),
  });
  return [view, factorized([low!, shown(prompt, guidanceScale)], [high!, shown(near, nearGuidance)])];
}

const proofs = new Map<string, ViewProof>();

/** The proof of a view for pictures of a size, made once. */
export function proofOf(view: string, size: number): ViewProof {
  const key = `${view} ${size}`;
  const proof = proofs.get(key) ?? proveView(viewNamed(view), size);
  proofs.set(key, proof);
  return proof;
}

/** Of a view that fails its proof, what it does to the noise; undefined for any other. */
export function failureOf(view: string, size: number): string | undefined {
  const { holds, repeated, variance, correlation } = proofOf(view, size);
  if (holds) return undefined;
  const [place, before] = repeated?.map((i) => `row ${Math.floor(i / size)}, column ${i % size}`) ?? [];
  const twice = repeated ? `${place} shows the pixel of ${before} again, and ` : '';
  return `${viewInWords(view)} is no orthogonal view: ${twice}the noise it shows has a variance of ${variance.map((v) => v.toFixed(2)).join(' to ')} and a correlation of ${correlation.toFixed(2)}`;
}

/** What to do about it. */
export const ORTHOGONAL = 'choose one that shows each pixel once, or turns colours';

/**
 * Every view proves itself for pictures of a size before the first step is taken.
 *
 * @param force  whether one that fails may be used nevertheless
 * @param path  the parameter that names the views
 * @returns of each that failed, what it does to the noise
 * @throws {RecipeError} with the same, unless it is forced
 */
export function proveSides(
  sides: readonly Pick<SideRecipe, 'view'>[],
  size: number,
  force: boolean,
  path = 'views',
): string[] {
  return sides.flatMap(({ view }) => {
    const failure = failureOf(view, size);
    if (!failure) return [];
    if (force) return [`${failure}, so what is drawn may fail`];
    throw new RecipeError(path, failure, `${ORTHOGONAL}; or force it`);
  });
}

export const forceParam = z
  .boolean()
  .default(false)
  .meta({ expert: true, description: 'draw with a view that fails its proof, too' });

/** The proof of all views as a run begins: what is forced is said. */
export function* forced(...proven: Parameters<typeof proveSides>): Generator<RunEvent> {
  for (const message of proveSides(...proven)) yield { type: 'warning', message };
}

/** Upright sides share what they are pushed away from, and stage II need not turn its condition for them. */
export const turnedUnder = (view: View): View | undefined => (view === identity ? undefined : view);

/** The sides as somebody looks at them: a hybrid from afar, and then from near. */
export const looked = (sides: readonly SideRecipe[]): Side[] =>
  sides.flatMap(({ prompt, view, near }): Side[] => {
    const { apply } = viewNamed(view);
    if (!near) return [{ prompt, seen: apply }];
    return [
      { prompt, seen: (picture) => fromAfar(apply(picture)) },
      { prompt: near, seen: apply },
    ];
  });

/** A picture as a side of a figure shows it: through its view, or what is left of that from afar. */
export function asSeen(
  picture: Tensor,
  { view, afar }: { readonly view: string; readonly afar?: true | undefined },
): Tensor {
  const seen = viewNamed(view).apply(picture);
  return afar ? fromAfar(seen) : seen;
}

/** All prompts, in the order in which they are looked for. */
export const lookedFor = (sides: readonly SideRecipe[]): string[] =>
  sides.flatMap(({ prompt, near }) => [prompt, ...(near ? [near] : [])]);

/** Of what was found at each look, what counts for each side: a hybrid is as good as the weaker of its two. */
export function weakestOf(sides: readonly SideRecipe[], found: readonly number[]): number[] {
  let at = 0;
  return sides.map(({ near }) => {
    const looks = near ? 2 : 1;
    at += looks;
    return Math.min(...found.slice(at - looks, at));
  });
}

/** A side in words: what it shows, and through which view. */
export const inWords = ({ prompt, near, view }: SideRecipe): string =>
  `${near ? `${prompt} from afar, ${near} from near` : prompt} (${viewInWords(view)})`;

/** How a figure tells of its sides: to those who turn pictures, and to those who show two. */
export const sideFigure = (
  sides: readonly SideRecipe[],
): Pick<Figure, 'sides' | 'caption' | 'farCaption' | 'view' | 'turnedCaption'> => ({
  sides: sides.flatMap(({ prompt, view, near }) =>
    near
      ? [
          { view, caption: `from afar: ${prompt}`, afar: true },
          { view, caption: `from near: ${near}` },
        ]
      : [{ view, caption: prompt }],
  ),
  ...(sides.length === 1
    ? { caption: sides[0]!.near!, farCaption: sides[0]!.prompt }
    : { caption: sides[0]!.prompt }),
  ...(sides[1] && sides[0]!.view === 'identity' && { view: sides[1].view, turnedCaption: sides[1].prompt }),
});
