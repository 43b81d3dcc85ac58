import type { SeenSide } from '../diffusion/balance.ts';
import { factorized } from '../diffusion/components.ts';
import { viewNamed } from '../diffusion/named-view.ts';
import type { Side } from '../diffusion/verdict.ts';
import type { View } from '../diffusion/view.ts';
import { identity } from '../diffusion/views.ts';
import { weightedViews } from '../diffusion/weighted-views.ts';
import { RecipeError } from '../errors.ts';
import { amount } from '../words.ts';
import type { PartSeen } from './as-seen.ts';
import type { Composition } from './composition.ts';
import { along, type Course, readCourse } from './course.ts';
import type { Figure } from './experiment.ts';
import type { Splitting } from './splitting.ts';
import { viewInWords } from './view-in-words.ts';
import type { Pushed } from './walk.ts';

/** What is shown, and how hard the picture is pushed toward it. */
export interface Shown {
  readonly prompt: string;
  readonly guidanceScale: Course;
}

/** One side of an anagram, as a recipe says it. */
export interface SideRecipe extends Shown {
  readonly view: string;
  readonly negative: string;
  readonly weight: Course;
  /** What its other parts show, where it is taken apart: `prompt` is what the first one shows. */
  readonly beside?: readonly Shown[] | undefined;
}

/** The sides of an anagram, and how those are taken apart that show several things. */
export interface Sided {
  readonly sides: readonly SideRecipe[];
  readonly split: Splitting;
}

type Lists = Readonly<Record<'prompts' | 'views' | 'negatives', readonly string[]>> &
  Readonly<Record<'guidance' | 'weights', readonly unknown[]>> & { readonly near?: readonly string[] };

/**
 * The sides of an anagram out of parallel lists, each of one entry for all or one for each; that of the guidance may have one
 * for each prompt, too, those from near behind those from afar.
 *
 * @throws {RecipeError} when a list fits neither, or one side is all and shows one thing
 */
export function sidesOf(lists: Lists, split: Splitting): Sided {
  const { prompts, near = [] } = lists;
  const count = prompts.length;
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
        `${list.length} given for ${amount(count, 'prompt')}`,
        name === 'views' ? 'give one for each' : 'give one for all, or one for each',
      );
    return list[alike ? 0 : i]!;
  };
  const others = prompts.map((_, i) => besideOf(near, i, count, split));
  if (count === 1 && !others[0])
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
  const shown = count + others.reduce((sum, texts) => sum + (texts?.length ?? 0), 0);
  const pushes = all.guidance.length === shown ? [...all.guidance] : undefined;
  const sides = prompts.map((prompt, i): SideRecipe => {
    const guidanceScale = pushes?.shift() ?? each('guidance', i);
    const beside = others[i]?.map((text) => ({
      prompt: text,
      guidanceScale: pushes?.shift() ?? guidanceScale,
    }));
    return {
      prompt,
      view: each('views', i),
      negative: each('negatives', i),
      guidanceScale,
      weight: each('weights', i),
      ...(beside && { beside }),
    };
  });
  return { sides, split };
}

/** What the other parts of a side show; undefined: it is not taken apart. */
function besideOf(
  near: readonly string[],
  side: number,
  count: number,
  { parts }: Splitting,
): readonly string[] | undefined {
  const [, ...others] = parts;
  if (near.length > count * others.length)
    throw new RecipeError(
      'near',
      `${near.length} given for ${amount(count, 'prompt')}`,
      others.length === 1
        ? 'give at most one for each'
        : `give ${others.length} for each: ${others.join(', ')}`,
    );
  const texts = near.slice(side * others.length, (side + 1) * others.length);
  if (texts.every((text) => text === '')) return undefined;
  if (texts.length === others.length && texts.every((text) => text !== '')) return texts;
  throw new RecipeError(
    'near',
    `side ${side + 1} is taken apart in ${parts.length}, and not each part has something to show`,
    `give for each side what it shows ${others.join(' and ')}`,
  );
}

/** All that a side shows, in the order of its parts. */
const shownBy = ({ prompt, guidanceScale, beside = [] }: SideRecipe): readonly Shown[] => [
  { prompt, guidanceScale },
  ...beside,
];

/** What the sides show beside their prompts, as `sidesOf` takes it. */
export const nearOf = ({ sides, split }: Sided): string[] =>
  sides.some(({ beside }) => beside)
    ? sides.flatMap(({ beside }) => beside?.map(({ prompt }) => prompt) ?? split.parts.slice(1).map(() => ''))
    : [];

/** The guidance of all sides, as `sidesOf` takes it. */
export const guidanceOf = ({ sides }: Sided): Course[] =>
  sides.some(({ guidanceScale, beside = [] }) => beside.some((one) => one.guidanceScale !== guidanceScale))
    ? sides.flatMap((side) => shownBy(side).map(({ guidanceScale }) => guidanceScale))
    : sides.map(({ guidanceScale }) => guidanceScale);

/** What an anagram is made of, in stage I and II alike. */
export function sidesComposed({ sides, split }: Sided): Composition {
  return (stage, size) =>
    weightedViews(...sides.map((side) => [along(side.weight), ...sideOf(side, split, stage, size)] as const));
}

/** How a side is seen, and what is seen then: one thing, or each of its parts another. */
export function sideOf(side: SideRecipe, split: Splitting, stage: Pushed, size: number): SeenSide {
  const view = viewNamed(side.view);
  const [first, ...others] = shownBy(side).map(({ prompt, guidanceScale }) =>
    stage(prompt, turnedUnder(view), { guidanceScale: along(guidanceScale), negative: side.negative }),
  );
  if (others.length === 0) return [view, first!];
  const components = split.components(size);
  return [view, factorized(...[first!, ...others].map((one, i) => [components[i]!, one] as const))];
}

/** Upright sides share what they are pushed away from, and stage II need not turn its condition for them. */
const turnedUnder = (view: View): View | undefined => (view === identity ? undefined : view);

/** A side as somebody looks at it, and what should be seen then. */
export interface LookedSide extends Side {
  readonly view: string;
  readonly caption: string;
  readonly part?: PartSeen;
}

/** A part of a picture in few words: “from afar”. */
const partInWords = (part: string): string => part.replace(/^seen /, '');

/** What a part shows, as a caption: “from afar: a skull”. */
export const partCaption = ({ parts }: Splitting, index: number, shown: string): string =>
  `${partInWords(parts[index]!)}: ${shown}`;

/** A picture as somebody looks at one part of it. */
export function lookOfPart(prompt: string, split: Splitting, index: number, view = 'identity'): LookedSide {
  const part = split.partSeen(index);
  return {
    prompt,
    view,
    caption: partCaption(split, index, prompt),
    ...(part && { part }),
    seen(picture) {
      const turned = viewNamed(view).apply(picture);
      return split.looks(picture.shape.at(-1)!)[index]?.(turned) ?? turned;
    },
  };
}

/** The ways to look at a side: at a hybrid from afar, and then from near. */
export function looksOf(side: SideRecipe, split: Splitting): LookedSide[] {
  const { prompt, view, beside } = side;
  if (!beside) return [{ prompt, view, caption: prompt, seen: viewNamed(view).apply }];
  return shownBy(side)
    .map((one, i) => lookOfPart(one.prompt, split, i, view))
    .filter((_, i) => split.shows(i));
}

/** The sides as somebody looks at them. */
export const looked = ({ sides, split }: Sided): LookedSide[] =>
  sides.flatMap((side) => looksOf(side, split));

/** All prompts, in the order in which they are looked for. */
export const lookedFor = (sided: Sided): string[] => looked(sided).map(({ prompt }) => prompt);

/** Of what was found at each look, what counts for each side: a hybrid is as good as the weaker of its two. */
export function weakestOf({ sides, split }: Sided, found: readonly number[]): number[] {
  let at = 0;
  return sides.map((side) => {
    const looks = looksOf(side, split).length;
    at += looks;
    return Math.min(...found.slice(at - looks, at));
  });
}

/** A side in words: what it shows, and through which view. */
export const inWords = (side: SideRecipe, { parts }: Splitting): string =>
  `${shownInWords(side, parts)} (${viewInWords(side.view)})`;

const shownInWords = (side: SideRecipe, parts: readonly string[]): string =>
  side.beside
    ? shownBy(side)
        .map(({ prompt }, i) => `${prompt} ${partInWords(parts[i]!)}`)
        .join(', ')
    : side.prompt;

/** How a figure tells of its sides: to those who turn pictures, and to those who show two. */
export function sideFigure(
  sided: Sided,
): Pick<Figure, 'sides' | 'caption' | 'farCaption' | 'view' | 'turnedCaption'> {
  const { sides, split } = sided;
  const [first, second] = sides;
  const far = split.parts[0] === 'seen from afar';
  const alone = sides.length === 1;
  return {
    sides: looked(sided).map(({ view, caption, part }) => ({ view, caption, ...(part && { part }) })),
    caption: alone && far ? first!.beside!.at(-1)!.prompt : shownInWords(first!, split.parts),
    ...(alone && far && { farCaption: first!.prompt }),
    ...(second &&
      first!.view === 'identity' && {
        view: second.view,
        turnedCaption: shownInWords(second, split.parts),
      }),
  };
}
