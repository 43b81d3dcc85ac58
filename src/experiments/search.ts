import * as z from 'zod';
import type { SamplerName } from '../diffusion/samplers.ts';
import { RecipeError } from '../errors.ts';
import type { Models } from '../models/model.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { amount } from '../words.ts';
import { type Balance, balanceParam, balances, type Shared } from './balances.ts';
import { callsOn } from './composition.ts';
import { coursesIn, endsOf } from './course.ts';
import {
  defineExperiment,
  type Figure,
  figure,
  type Part,
  type RunContext,
  type RunEvent,
} from './experiment.ts';
import { uselessAllWith, uselessWith } from './field.ts';
import illusion, {
  type IllusionOptions,
  illusionKey,
  illusionParams,
  illusionPart,
  inputsOf,
} from './illusion.ts';
import { callsOfJudging, judged, judgedBy, scrutinies } from './judge.ts';
import {
  type Preset,
  presetParam,
  quickEven,
  type StageTwo,
  sampler,
  seed,
  stageTwoOf,
  stepsParam,
  upscale,
} from './params.ts';
import { ranked } from './rank.ts';
import {
  nearPrompts,
  negatives,
  sidePrompts,
  sidesAskedFor,
  sigmasOfSides,
  splitOfSides,
  viewText,
} from './side-params.ts';
import { forced, forceParam } from './side-proofs.ts';
import { inWords, looked, lookedFor, type Sided, sideFigure } from './sides.ts';
import { prepared } from './splitting.ts';
import { noiseOf, pushed, spacedWay, walk } from './walk.ts';

/** The share of the steps after which the hopeless are known by their x̂₀. */
const GLANCE_AFTER = 0.4;
/**
 * The evidence of the weaker side in x̂₀ below which a candidate is given up. The lowest of 52 labelled pictures in which
 * both sides were seen was −0.17: only what is below it is hopeless.
 */
const HOPELESS = -0.2;
/** The same where a judge looks: how readable the weaker side is. */
const UNREADABLE = 0.02;

const GIVEN_UP =
  'no picture: all that were tried were given up as hopeless on the way; try more seeds or steps, or turn "drop" off to see them to the end';

/** Views that stand between commas; those inside of a list of places are its own. */
function viewsIn(turn: string): string[] {
  const views: string[] = [];
  let open = false;
  for (const piece of turn.split(',')) {
    if (open) views.push(`${views.pop()},${piece}`);
    else views.push(piece);
    const [begins, ends] = [piece.lastIndexOf('['), piece.lastIndexOf(']')];
    if (begins !== ends) open = begins > ends;
  }
  return views.map((view) => view.trim());
}

/** What stands for the prompt in a wording. */
const BLANK = '{}';

/** One seed of a search, with the wording, views, guidance and weights whose turn it is. */
interface Candidate {
  readonly sided: Sided;
  readonly seed: number;
  /** The parameters that leave it alone. */
  readonly alone: Readonly<Record<string, unknown>>;
}

interface CandidateOptions {
  readonly steps: number;
  readonly preset: Preset;
  readonly sampler: SamplerName;
  readonly drop: boolean;
  readonly balance: Balance;
  readonly force: boolean;
}

/** The figure of a candidate; the one that is drawn once more has its sides and seed for a name. */
const triedId = ({ sided, seed }: Candidate): string => `tried ${illusionKey(sided, seed)}`;

/** A candidate drawn at the size of stage I and judged; nothing when it is seen to be hopeless on the way. */
function candidatePart(candidate: Candidate, options: CandidateOptions, models: Models): Part {
  const { base } = models;
  const { sided, seed, alone } = candidate;
  const { sides, split } = sided;
  const { steps, preset, sampler, drop, balance, force } = options;
  const { compose, counted, remembers }: Shared = balances[balance](sided, base);
  const prompts = lookedFor(sided);
  const [usual] = endsOf(sides[0]!.guidanceScale);
  const way = () => spacedWay(base, steps, { sampler, preset });
  const count = way().timesteps.length - 1;
  const asked = callsOn(way(), compose, usual);
  const walked = counted?.('base', asked, count) ?? asked;
  const glanceAt = Math.ceil(GLANCE_AFTER * count);
  const glances = drop && glanceAt < count;
  const key = illusionKey(sided, seed);
  const part: Part = {
    key,
    alone,
    inputs: {
      ...inputsOf(sided),
      seed,
      steps,
      preset,
      sampler,
      drop,
      ...(balance !== 'weights' && { balance }),
      judged: judgedBy(base, prompts),
    },
    calls: {
      base:
        walked +
        (glances ? callsOfJudging(base, prompts, scrutinies.glance) : 0) +
        callsOfJudging(base, prompts, scrutinies.sides),
    },
    async *run(context: RunContext) {
      yield* forced(sides, base.sampleSize, force);
      const noise = noiseOf(base, seed);
      const { timesteps, ...rest } = way();
      const estimator = compose(pushed(base.estimator, usual), base.sampleSize);
      const steps = walk(
        context,
        { stage: 'base', label: key, calls: walked },
        noise('start', timesteps[0]!),
        {
          ...rest,
          timesteps,
          estimator,
          noise,
          remembers,
        },
      );
      const image = yield* whilePromising(steps, async ({ index, x0 }) => {
        if (!glances || index !== glanceAt) return true;
        const { alignment, by } = await judged(base, x0, looked(sided), scrutinies.glance);
        return alignment >= (by === 'judge' ? UNREADABLE : HOPELESS);
      });
      if (!image) return;
      const verdict = await judged(base, image, looked(sided), scrutinies.sides);
      const row = sides.map((side) => inWords(side, split)).join(' / ');
      yield figure({
        id: triedId(candidate),
        row,
        column: `seed ${seed}`,
        image,
        seed,
        ...sideFigure(sided),
        verdict,
      });
    },
  };
  return prepared(part, split, models);
}

/** A walk that is given up at the step where it is not promising any more. */
async function* whilePromising(
  steps: AsyncGenerator<RunEvent, Tensor>,
  promising: (step: { index: number; x0: Tensor }) => Promise<boolean>,
): AsyncGenerator<RunEvent, Tensor | undefined> {
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return value;
    yield value;
    if (value.type === 'step' && !(await promising({ index: value.index, x0: value.step.x0 })))
      return undefined;
  }
}

/** The list of candidates: seeds count up, and wordings, views, guidance and weights take turns. */
function candidatesOf(params: Omit<SearchParams, 'keep' | keyof StageTwo>): Candidate[] {
  const { prompts, near, factorization, sigma: blurs, mask, share, negatives, ...others } = params;
  const { styles, views, guidance, weights, seeds, seed } = others;
  const turns = prompts.length === 1 ? [''] : views;
  for (const turn of turns)
    if (turn !== '' && viewsIn(turn).length !== prompts.length - 1)
      throw new RecipeError(
        'views',
        `${viewsIn(turn).length} given for ${amount(prompts.length, 'prompt')}`,
        'give one for each prompt after the first, which is seen upright, with commas between',
      );
  const ways = styles.flatMap((style) =>
    turns.flatMap((turn) =>
      guidance.flatMap((push) =>
        weights.flatMap((weight) => blurs.map((sigma) => ({ style, turn, push, weight, sigma }))),
      ),
    ),
  );
  return Array.from({ length: seeds }, (_, i) => {
    const { style, turn, push, weight, sigma } = ways[i % ways.length]!;
    const sided = sidesAskedFor({
      prompts: prompts.map((prompt) => style.replaceAll(BLANK, prompt)),
      views: ['identity', ...(turn === '' ? [] : viewsIn(turn))],
      near: near.map((prompt) => (prompt === '' ? '' : style.replaceAll(BLANK, prompt))),
      factorization,
      sigma,
      mask,
      share,
      negatives,
      guidance: coursesIn('guidance', push),
      weights: coursesIn('weights', weight),
    });
    const alone = {
      styles: [style],
      ...(turn !== '' && { views: [turn] }),
      guidance: [push],
      weights: [weight],
      sigma: [sigma],
      seed: seed + i,
      seeds: 1,
    };
    return { sided, seed: seed + i, alone };
  });
}

const turns = (cli: string, description: string, value: string, type = z.string()) =>
  z.array(type.min(1).max(200)).min(1).max(12).default([value]).meta({ cli, description });

const params = z.strictObject({
  prompts: sidePrompts('a rocket ship', 'a volcano'),
  seeds: z
    .int()
    .min(1)
    .max(4096)
    .default(16)
    .meta({ grows: true, description: 'how many pictures are tried' }),
  keep: z.int().min(0).max(16).default(4).describe('how many of the first are drawn once more and enlarged'),
  views: z.array(viewText).min(1).max(24).default(['rotate180']).meta({
    cli: 'view',
    kind: 'view',
    description:
      'how the picture is turned for the second prompt, and after commas for the third; several take turns; the command also takes a .png or .json file that says where each pixel goes',
  }),
  styles: turns(
    'style',
    `wordings that take turns, ${BLANK} being the prompt, as "an oil painting of ${BLANK}"`,
    BLANK,
    z
      .string()
      .regex(/\{\}/, `expected ${BLANK} where the prompt stands, as in "an oil painting of ${BLANK}"`),
  ),
  guidance: turns(
    'guidance',
    'γ, one for all sides, as 7, or one for each, as 10:4; 9..5 begins with 9 and ends with 5; several take turns',
    '7',
  ),
  weights: turns(
    'weights',
    'how much the sides count, as 7:3; 9..5:1..5 begins with 9:1 and ends with 5:5; several take turns',
    '1',
  ),
  near: nearPrompts,
  ...splitOfSides,
  sigma: sigmasOfSides,
  negatives: uselessWith(negatives, { guidance: [['1']] }),
  balance: balanceParam,
  force: forceParam,
  drop: z.boolean().default(true).describe('give up the hopeless at 40 % of the steps'),
  steps: stepsParam(quickEven.steps, 'inference steps', 2),
  preset: presetParam.default(quickEven.preset),
  sampler: sampler.default(quickEven.sampler),
  seed,
  ...uselessAllWith(upscale, { keep: [0] }),
});
type SearchParams = z.output<typeof params>;

export default defineExperiment({
  id: 'search',
  title: 'Search for anagrams',
  text: 'Most anagrams fail, and which ones work is known only when they are there. So: many seeds, in several wordings and views, drawn small and in few steps; given up where the picture that shows at 40 % of the way is hopeless; the rest on one sheet, in the order of the verdict, the first ones drawn once more and enlarged. The verdict is a hint, not an eye (docs/illusions.md): look at the whole sheet. Ask for more seeds, and only the new ones are tried; stop whenever you like.',
  params,
  positional: ['prompts'],
  example: 'campanile search "a dog" "a skull" --view rotate180 --seeds 64',
  parts: ({ keep, ...search }, models) => {
    const { steps, preset, sampler, drop, balance, force } = search;
    const candidates = candidatesOf(search);
    const parts = candidates.map((candidate) =>
      candidatePart(candidate, { steps, preset, sampler, drop, balance, force }, models),
    );
    const options = {
      steps,
      preset,
      sampler,
      balance,
      force,
      judge: true,
      ...stageTwoOf(search),
    };
    const again = ({ sided, seed }: Candidate): Part => {
      const whole: IllusionOptions = { ...options, seed };
      const borrowed = { from: illusion, params: illusionParams(sided, whole) };
      return { ...illusionPart(sided, whole, models), borrowed };
    };
    const tried = new Map(candidates.map((candidate) => [triedId(candidate), candidate]));
    const alive = (figures: readonly Figure[]) => figures.filter(({ id }) => tried.has(id));
    const missing = (figures: readonly Figure[]) => (alive(figures).length > 0 ? undefined : GIVEN_UP);
    /** Where none is drawn again, that none was left still has to be said. */
    const end: Part = {
      ...parts[0]!,
      key: 'kept none',
      calls: { base: 0 },
      chosen: () => undefined,
      missing,
    };
    const kept = Array.from(
      { length: Math.min(keep, candidates.length) },
      (_, place): Part => ({
        ...again(candidates[place]!),
        key: `kept ${place + 1}`,
        missing: place === 0 ? missing : undefined,
        chosen: (figures) => {
          const best = ranked(alive(figures))[place];
          return best && again(tried.get(best.id)!);
        },
      }),
    );
    return [...parts, ...(keep > 0 ? kept : [end])];
  },
});
