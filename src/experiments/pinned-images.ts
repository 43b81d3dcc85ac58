import * as z from 'zod';
import { factorizationNames } from '../diffusion/components.ts';
import { pinned } from '../diffusion/inpaint.ts';
import { RecipeError } from '../errors.ts';
import { type Composition, callsOn } from './composition.ts';
import { enlarging } from './enlarging.ts';
import { defineExperiment, figure, type Part, type RunContext } from './experiment.ts';
import { uselessWith } from './field.ts';
import { judgedBy, judgedPart, judgeParam } from './judge.ts';
import {
  enlargedAs,
  guidanceScale,
  NOTHING,
  nameOfPicture,
  picture,
  presetParam,
  prompt,
  promptText,
  quickEven,
  sampler,
  seed,
  stepsParam,
  upscale,
} from './params.ts';
import { viewText } from './side-params.ts';
import { forced, forceParam } from './side-proofs.ts';
import {
  type LookedSide,
  looked,
  lookOfPart,
  partCaption,
  type Sided,
  sideFigure,
  sidesComposed,
} from './sides.ts';
import { type Splitting, splitParams, splitting } from './splitting.ts';
import { noiseOf, pushed, spacedWay, walk } from './walk.ts';

/** Of a share of all there is no part that could be held. */
const [first, ...others] = factorizationNames.filter((name) => name !== 'shares');

export default defineExperiment({
  id: 'pin',
  title: 'A real picture as one component',
  text: 'An inverse hybrid: one component of the picture is that of a photograph, held at every level with the noise that belongs to it, and the model draws the rest to fit. With its low frequencies, the photograph is what is seen from afar; with its grey values, the model colours it. And what is drawn may show something else when the picture is turned.',
  formula: [
    {
      tex: 'x_t \\gets x_t - f(x_t) + f(\\mathrm{forward}(x_{orig}, t))',
      plain: 'after every step the component of x is replaced by that of the noised original',
    },
  ],
  remark: 'The held component ends as that of the photograph, to rounding.',
  params: z.strictObject({
    picture: picture('campanile'),
    prompt: prompt('a tropical forest'),
    hidden: promptText
      .default('')
      .meta({ kind: 'prompt', description: 'what it shows when it is turned; nothing: it is no anagram' }),
    view: viewText.default('rotate180').meta({
      kind: 'view',
      unless: { hidden: [''] },
      description: 'how it is turned for what is hidden; the command also takes a .png or .json file',
    }),
    part: z.int().min(1).max(3).default(1).describe('which component is that of the picture, from 1 to 3'),
    ...splitParams([first!, ...others], 'hybrid'),
    guidanceScale: guidanceScale(7),
    steps: stepsParam(30, 'inference steps'),
    preset: presetParam.default(quickEven.preset),
    sampler: sampler.default('ddpm'),
    seed,
    judge: judgeParam,
    force: uselessWith(forceParam, { hidden: [''] }),
    ...upscale,
  }),
  positional: ['picture', 'prompt'],
  example: 'campanile pin photo.png "an oil painting of an old man" --factorization colour',
  parts: (
    {
      picture,
      prompt,
      hidden,
      view,
      factorization,
      part,
      kernelSize,
      sigma,
      mask,
      guidanceScale,
      steps,
      preset,
      sampler,
      seed,
      judge,
      force,
      ...stageTwo
    },
    models,
  ) => {
    const { base } = models;
    const way = { steps, preset, sampler };
    const split = splitting({ factorization, kernelSize, sigma, mask });
    const { parts } = split;
    if (part > parts.length)
      throw new RecipeError('part', `${factorization} has ${parts.length} components`, `1 is “${parts[0]}”`);
    const options = { ...split.inputs, part, guidanceScale, seed, ...way };
    const sided = hidden === '' ? undefined : anagram(prompt, hidden, view, guidanceScale, split);
    const compose: Composition = sided ? sidesComposed(sided) : (stage) => stage(prompt);
    // What the photograph is held for has no prompt that it could be judged by: it is shown, and not judged.
    const looks = sided ? looked(sided) : [lookOfPart(prompt, split, lastBut(part, split))];
    const prompts = looks.map(({ prompt }) => prompt);
    const shown = sided ? sideFigure(sided) : { sides: [...looks.map(told), heldSide(picture, split, part)] };
    const wayOf = () => spacedWay(base, way.steps, way);
    const calls = callsOn(wayOf(), compose, guidanceScale);
    /** The picture, and f of what is held of it, in the size of a stage. */
    const holding = async (context: RunContext, size: number) => {
      await split.prepare(context, size, picture);
      return {
        original: await context.picture(picture, size),
        component: split.components(size)[part - 1]!,
      };
    };
    const enlargement = enlarging(
      {
        label: prompt,
        compose,
        project: async (context, { sampleSize, alphaBar }, noise) => {
          const { original, component } = await holding(context, sampleSize);
          return pinned(component, original, alphaBar, noise);
        },
        ...stageTwo,
      },
      models,
    );
    const drawn: Part = {
      key: `${picture}, ${prompt}`,
      inputs: {
        picture,
        prompt,
        ...(sided && { hidden, view }),
        ...options,
        judged: judge && judgedBy(base, prompts),
        upscale: enlargedAs(stageTwo),
      },
      pictures: [picture, ...split.pictures],
      calls: { base: calls, ...(enlargement && { upscaler: enlargement.calls }) },
      async *run(context) {
        if (sided) yield* forced(sided.sides, base.sampleSize, force, 'view');
        const { original, component } = await holding(context, base.sampleSize);
        yield figure({ id: 'original', row: '', column: 'Original', image: original });
        const held = { id: 'held', row: '', column: `Held: ${parts[part - 1]}` };
        yield figure({ ...held, image: component(original) });
        const noise = noiseOf(base, seed);
        const { timesteps, ...rest } = wayOf();
        const told = { stage: 'base' as const, label: prompt, calls };
        const image = yield* walk(context, told, noise('start', timesteps[0]!), {
          ...rest,
          timesteps,
          estimator: compose(pushed(base.estimator, guidanceScale), base.sampleSize),
          project: pinned(component, original, base.alphaBar, noise),
          noise,
        });
        yield figure({ id: 'result', row: '', column: prompt, image, seed, ...shown });
        if (!enlargement) return;
        const large = yield* enlargement.run(context, image, noise);
        yield figure({
          id: 'result-ii',
          row: '',
          column: `${prompt}, stage II`,
          image: large,
          seed,
          ...shown,
        });
      },
    };
    return [judge ? judgedPart(drawn, base, looks) : drawn];
  },
});

const told = ({ view, caption, part }: LookedSide) => ({ view, caption, ...(part && { part }) });

/** Of the parts that are drawn, the one in which all of them are seen. */
const lastBut = (held: number, { parts }: Splitting): number =>
  held === parts.length ? parts.length - 2 : parts.length - 1;

function heldSide(picture: string, split: Splitting, part: number) {
  const caption = partCaption(split, part - 1, nameOfPicture(picture));
  return told({ ...lookOfPart('', split, part - 1), caption });
}

const anagram = (
  prompt: string,
  hidden: string,
  view: string,
  guidanceScale: number,
  split: Splitting,
): Sided => ({
  split,
  sides: [
    { prompt, view: 'identity' },
    { prompt: hidden, view },
  ].map((side) => ({ ...side, guidanceScale, negative: NOTHING, weight: 1 })),
});
