import { alternatingViews, balancedViews, LOOKS_EVERY } from '../diffusion/balance.ts';
import { viewNamed } from '../diffusion/named-view.ts';
import { RecipeError } from '../errors.ts';
import type { PixelModel } from '../models/model.ts';
import type { Composition, Drawing } from './drawing.ts';
import { callsOfJudging, judged, scrutinies } from './judge.ts';
import { looked, type SideRecipe, sidesComposed, turnedUnder } from './sides.ts';
import type { Pushed } from './walk.ts';

type Shared = Pick<Drawing, 'compose' | 'counted' | 'remembers'>;

/** How the sides of an anagram share it. */
export const balances = {
  weights: (sides) => ({ compose: sidesComposed(sides) }),
  alternate: (sides) => {
    if (sides.some(({ weight }) => weight !== sides[0]!.weight))
      throw new RecipeError('weights', 'sides that take turns have no weights', 'leave one of the two out');
    return {
      compose: (stage) => alternatingViews(...seenBy(sides, stage)),
      remembers: true,
      counted: (_stage, calls) => Math.round(calls / sides.length),
    };
  },
  auto: (sides, base) => {
    const [balanced, weighted] = [balancedComposition(sides, base), sidesComposed(sides)];
    return {
      remembers: true,
      // Stage II enlarges what is there: nothing is left to balance.
      compose: (stage, size) => (size === base.sampleSize ? balanced : weighted)(stage, size),
      counted: (stage, calls, steps) =>
        stage === 'base'
          ? calls + Math.floor(steps / LOOKS_EVERY) * callsOfJudging(sides.length, scrutinies.glance)
          : calls,
    };
  },
} satisfies Record<string, (sides: readonly SideRecipe[], base: PixelModel) => Shared>;

export type Balance = keyof typeof balances;
export const balanceNames = Object.keys(balances) as [Balance, ...Balance[]];

const seenBy = (sides: readonly SideRecipe[], stage: Pushed) =>
  sides.map(({ prompt, view: name, guidanceScale, negative }) => {
    const view = viewNamed(name);
    return [view, stage(prompt, turnedUnder(view), { guidanceScale, negative })] as const;
  });

const balancedComposition =
  (sides: readonly SideRecipe[], base: PixelModel): Composition =>
  (stage) =>
    balancedViews(seenBy(sides, stage), {
      alphaBar: base.alphaBar,
      weights: sides.map(({ weight }) => weight),
      evidence: async (picture) => {
        const { sides: found } = await judged(base, picture, looked(sides), scrutinies.glance);
        return found.map(({ gain }) => gain);
      },
    });
