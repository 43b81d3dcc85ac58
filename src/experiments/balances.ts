import * as z from 'zod';
import { alternatingViews, balancedViews, LOOKS_EVERY } from '../diffusion/balance.ts';
import { RecipeError } from '../errors.ts';
import type { PixelModel } from '../models/model.ts';
import type { Composition } from './composition.ts';
import type { Drawing } from './drawing.ts';
import { callsOfJudging, JUDGES_TEMPERATURE, judged, judgeFor, scrutinies } from './judge.ts';
import { looked, lookedFor, type Sided, type SideRecipe, sideOf, sidesComposed, weakestOf } from './sides.ts';

export type Shared = Pick<Drawing, 'compose' | 'counted' | 'remembers'>;

/** How the sides of an anagram share it. */
export const balances = {
  weights: (sided) => ({ compose: sidesComposed(sided) }),
  alternate: ({ sides, split }) => {
    several(sides);
    if (sides.some(({ weight }) => weight !== sides[0]!.weight))
      throw new RecipeError('weights', 'sides that take turns have no weights', 'leave one of the two out');
    return {
      compose: (stage, size) => alternatingViews(...sides.map((side) => sideOf(side, split, stage, size))),
      remembers: true,
      counted: (_stage, calls) => Math.round(calls / sides.length),
    };
  },
  auto: (sided, base) => {
    const { sides } = sided;
    several(sides);
    const moving = sides.find(({ weight }) => typeof weight === 'string');
    if (moving)
      throw new RecipeError(
        'weights',
        `${moving.weight} is given, and sides that are balanced on the way move their weights themselves`,
        'give numbers to begin with, or leave one of the two out',
      );
    const prompts = lookedFor(sided);
    const [balanced, weighted] = [balancedComposition(sided, base), sidesComposed(sided)];
    return {
      remembers: true,
      // Stage II enlarges what is there: nothing is left to balance.
      compose: (stage, size) => (size === base.sampleSize ? balanced : weighted)(stage, size),
      counted: (stage, calls, steps) =>
        stage === 'base'
          ? calls + Math.floor(steps / LOOKS_EVERY) * callsOfJudging(base, prompts, scrutinies.glance)
          : calls,
    };
  },
} satisfies Record<string, (sided: Sided, base: PixelModel) => Shared>;

function several({ length }: readonly SideRecipe[]): void {
  if (length === 1)
    throw new RecipeError(
      'balance',
      'there is one side, which shares the picture with none',
      'leave it out, or give a second prompt; from afar and from near are balanced by --guidance and --sigma',
    );
}

export type Balance = keyof typeof balances;

export const balanceParam = z
  .enum(Object.keys(balances) as [Balance, ...Balance[]])
  .default('weights')
  .meta({
    description:
      'weights: as given; alternate: the sides take turns, a step each; auto: on the way the side that is seen least gains weight',
  });

const balancedComposition =
  (sided: Sided, base: PixelModel): Composition =>
  (stage, size) =>
    balancedViews(
      sided.sides.map((side) => sideOf(side, sided.split, stage, size)),
      {
        ...(judgeFor(base, lookedFor(sided)) && { temperature: JUDGES_TEMPERATURE }),
        alphaBar: base.alphaBar,
        weights: sided.sides.map(({ weight }) => Number(weight)),
        evidence: async (picture) => {
          const { sides: found } = await judged(base, picture, looked(sided), scrutinies.glance);
          return weakestOf(
            sided,
            found.map(({ gain }) => gain),
          );
        },
      },
    );
