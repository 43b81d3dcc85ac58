import * as z from 'zod';
import { HYBRID_BLUR } from '../diffusion/components.ts';
import type { SamplerName } from '../diffusion/samplers.ts';
import { RecipeError } from '../errors.ts';
import type { Models } from '../models/model.ts';
import { type Balance, balanceParam, balances } from './balances.ts';
import { endsOf, guidanceCourses, weightCourses } from './course.ts';
import { type Drawing, drawing } from './drawing.ts';
import { defineExperiment, type Part } from './experiment.ts';
import { callsOfJudging, judged, judgedBy, scrutinies } from './judge.ts';
import { type Preset, presetParam, quick, type StageTwo, sampler, seed, upscale } from './params.ts';
import {
  forced,
  forceParam,
  guidanceOf,
  inWords,
  looked,
  lookedFor,
  nearPrompts,
  negatives,
  SIGMA_IN_WORDS,
  type SideRecipe,
  sideFigure,
  sidePrompts,
  sidesOf,
  sigmaOf,
  sigmaOfSides,
  viewText,
} from './sides.ts';
import { spacedWay } from './walk.ts';

/** How an anagram of one's own is drawn, beside its sides. */
export interface IllusionOptions extends StageTwo {
  readonly steps: number;
  readonly preset: Preset;
  readonly sampler: SamplerName;
  readonly seed: number;
  readonly judge: boolean;
  readonly balance?: Balance | undefined;
  readonly force?: boolean | undefined;
}

/** The key and the inputs of an anagram: what it shows, and how. */
export const illusionKey = (sides: readonly SideRecipe[], seed: number): string =>
  `${sides.map(inWords).join(' / ')}, seed ${seed}`;

/** Where its figures stand, and what they are called. */
type Placed = Pick<Drawing['figure'], 'id' | 'column'> & Pick<Drawing, 'rows'>;

/**
 * One anagram of any number of sides, judged.
 *
 * @param placed  among the figures of another experiment
 */
export function illusionPart(
  sides: readonly SideRecipe[],
  { steps, preset, sampler, judge, balance = 'weights', force = false, ...options }: IllusionOptions,
  models: Models,
  placed?: Placed,
): Part {
  const { base } = models;
  const prompts = lookedFor(sides);
  const key = illusionKey(sides, options.seed);
  const { rows, ...place } = placed ?? {
    id: key,
    column: `seed ${options.seed}`,
    rows: ['Stage I', 'Stage II'] as const,
  };
  const part = drawing(
    {
      ...options,
      key,
      inputs: {
        sides,
        steps,
        preset,
        sampler,
        judged: judge && judgedBy(base, prompts),
        ...(balance !== 'weights' && { balance }),
        ...(balance === 'auto' && { balancedBy: judgedBy(base, prompts) }),
      },
      ...balances[balance](sides, base),
      way: () => spacedWay(base, steps, { sampler, preset }),
      guidanceScale: endsOf(sides[0]!.guidanceScale)[0],
      figure: { ...place, ...sideFigure(sides) },
      rows,
    },
    models,
  );
  const proven: Part = {
    ...part,
    async *run(context) {
      yield* forced(sides, base.sampleSize, force);
      yield* part.run(context);
    },
  };
  if (!judge) return proven;
  return {
    ...part,
    calls: { ...part.calls, base: part.calls.base + callsOfJudging(base, prompts, scrutinies.subjects) },
    async *run(context) {
      for await (const event of proven.run(context)) {
        if (event.type !== 'figure' || event.figure.image.shape[2] !== base.sampleSize) yield event;
        else {
          const { figure } = event;
          const verdict = await judged(base, figure.image, looked(sides), scrutinies.subjects);
          yield { type: 'figure', figure: { ...figure, verdict } };
        }
      }
    },
  };
}

/** The parameters from which `illusion` makes this anagram again. */
export const illusionParams = (sides: readonly SideRecipe[], options: IllusionOptions) => ({
  prompts: sides.map(({ prompt }) => prompt),
  views: sides.map(({ view }) => view),
  negatives: sides.map(({ negative }) => negative),
  guidance: guidanceOf(sides),
  weights: sides.map(({ weight }) => weight),
  ...(sides.some(({ near }) => near) && { near: sides.map(({ near = '' }) => near) }),
  ...sigmaOf(sides),
  ...options,
});

export default defineExperiment({
  id: 'illusion',
  title: 'Anagrams of your own',
  text: 'One picture, two to eight meanings, each with its prompt, its view, what it is pushed away from, how hard, and how much it counts. The noise that is removed is the weighted mean of what is seen through the views. What was drawn is judged: how readable each side is, by a small classifier that comes with the checkpoint; or, of subjects that it does not know, how much better a side’s prompt explains the picture to the model than no prompt does.',
  formula: [
    {
      tex: '\\epsilon = \\frac{\\sum_i w_i\\, v_i^{-1}(\\epsilon_i(v_i(x_t), t))}{\\sum_i w_i}',
      plain: 'the noise is the weighted mean of the estimates of all views, each turned back',
    },
  ],
  params: z.strictObject({
    prompts: sidePrompts('a rocket ship', 'a volcano'),
    views: z.array(viewText).min(1).max(8).default(['identity', 'rotate180']).meta({
      cli: 'view',
      kind: 'view',
      together: true,
      description:
        'how the picture is seen for each prompt, a single one through the first; "rotate_cw + negate" does both; the command also takes a .png or .json file that says where each pixel goes',
    }),
    near: nearPrompts,
    sigma: sigmaOfSides.default(HYBRID_BLUR.sigma).describe(SIGMA_IN_WORDS),
    negatives,
    guidance: guidanceCourses,
    weights: weightCourses,
    steps: z.int().min(1).max(1000).default(quick.steps).describe('inference steps'),
    preset: presetParam.default(quick.preset),
    sampler: sampler.default(quick.sampler),
    balance: balanceParam,
    seed,
    judge: z.boolean().default(true).describe('judge what was drawn'),
    force: forceParam,
    ...upscale,
  }),
  positional: ['prompts'],
  example:
    'campanile illusion "a skull" "a dog" --view identity --view rotate180 --guidance 7 --weights 0.6,0.4',
  parts: ({ prompts, views, near, sigma, negatives, guidance, weights, ...options }, models) => {
    const seen = prompts.length === 1 ? views.slice(0, 1) : views;
    const sides = sidesOf({ prompts, views: seen, near, sigma, negatives, guidance, weights });
    if (new Set(seen).size < seen.length)
      throw new RecipeError(
        'views',
        'two sides are seen through the same view',
        'give each prompt a view of its own',
      );
    return [illusionPart(sides, options, models)];
  },
});
