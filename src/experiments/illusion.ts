import * as z from 'zod';
import type { SamplerName } from '../diffusion/samplers.ts';
import { RecipeError } from '../errors.ts';
import type { Models } from '../models/model.ts';
import { type Balance, balanceParam, balances } from './balances.ts';
import { endsOf, guidanceCourses, weightCourses } from './course.ts';
import { type Drawing, drawing } from './drawing.ts';
import { defineExperiment, type Part } from './experiment.ts';
import { uselessWith } from './field.ts';
import { judgedBy, judgedPart, judgeParam } from './judge.ts';
import {
  type Preset,
  presetParam,
  quickEven,
  type StageTwo,
  sampler,
  seed,
  stepsParam,
  upscale,
} from './params.ts';
import {
  askedBySides,
  nearPrompts,
  negatives,
  sidePrompts,
  sidesAskedFor,
  splitOfSides,
  viewText,
} from './side-params.ts';
import { forced, forceParam } from './side-proofs.ts';
import { inWords, looked, lookedFor, nearOf, type Sided, sideFigure } from './sides.ts';
import { prepared } from './splitting.ts';
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

/** The key of an anagram: what it shows, and how. */
export const illusionKey = ({ sides, split }: Sided, seed: number): string =>
  `${sides.map((side) => inWords(side, split)).join(' / ')}, seed ${seed}`;

/** Where its figures stand, and what they are called. */
type Placed = Pick<Drawing['figure'], 'id' | 'column'> & Pick<Drawing, 'rows'>;

/** What a picture depends on that is drawn of these sides. */
export const inputsOf = (sided: Sided): Readonly<Record<string, unknown>> => ({
  sides: sided.sides,
  ...(nearOf(sided).length > 0 && sided.split.inputs),
});

/**
 * One anagram of any number of sides, judged.
 *
 * @param placed  among the figures of another experiment
 */
export function illusionPart(
  sided: Sided,
  { steps, preset, sampler, judge, balance = 'weights', force = false, ...options }: IllusionOptions,
  models: Models,
  placed?: Placed,
): Part {
  const { base } = models;
  const { sides, split } = sided;
  const prompts = lookedFor(sided);
  const key = illusionKey(sided, options.seed);
  const { rows, ...place } = placed ?? {
    id: key,
    column: `seed ${options.seed}`,
    rows: ['Stage I', 'Stage II'] as const,
  };
  const drawn = drawing(
    {
      ...options,
      key,
      inputs: {
        ...inputsOf(sided),
        steps,
        preset,
        sampler,
        judged: judge && judgedBy(base, prompts),
        ...(balance !== 'weights' && { balance }),
        ...(balance === 'auto' && { balancedBy: judgedBy(base, prompts) }),
      },
      ...balances[balance](sided, base),
      way: () => spacedWay(base, steps, { sampler, preset }),
      guidanceScale: endsOf(sides[0]!.guidanceScale)[0],
      figure: { ...place, ...sideFigure(sided) },
      rows,
    },
    models,
  );
  const part = prepared(drawn, split, models, options.upscale);
  const proven: Part = {
    ...part,
    async *run(context) {
      yield* forced(sides, base.sampleSize, force);
      yield* part.run(context);
    },
  };
  return judge ? judgedPart(proven, base, looked(sided)) : proven;
}

/** The parameters from which `illusion` makes this anagram again. */
export const illusionParams = (sided: Sided, options: IllusionOptions) => ({
  ...askedBySides(sided),
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
    ...splitOfSides,
    negatives: uselessWith(negatives, { guidance: [[1]] }),
    guidance: guidanceCourses,
    weights: weightCourses,
    steps: stepsParam(quickEven.steps, 'inference steps'),
    preset: presetParam.default(quickEven.preset),
    sampler: sampler.default(quickEven.sampler),
    balance: balanceParam,
    seed,
    judge: judgeParam,
    force: forceParam,
    ...upscale,
  }),
  positional: ['prompts'],
  example:
    'campanile illusion "a skull" "a dog" --view identity --view rotate180 --guidance 7 --weights 0.6,0.4',
  parts: (
    { prompts, views, near, factorization, sigma, mask, share, negatives, guidance, weights, ...options },
    models,
  ) => {
    const seen = prompts.length === 1 ? views.slice(0, 1) : views;
    const split = { factorization, sigma, mask, share };
    const sided = sidesAskedFor({ prompts, views: seen, near, ...split, negatives, guidance, weights });
    if (new Set(seen).size < seen.length)
      throw new RecipeError(
        'views',
        'two sides are seen through the same view',
        'give each prompt a view of its own',
      );
    return [illusionPart(sided, options, models)];
  },
});
