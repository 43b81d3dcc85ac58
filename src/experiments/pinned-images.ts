import * as z from 'zod';
import { factorizationNames } from '../diffusion/components.ts';
import { pinned } from '../diffusion/inpaint.ts';
import { RecipeError } from '../errors.ts';
import { type Composition, callsOn } from './drawing.ts';
import { defineExperiment, figure } from './experiment.ts';
import {
  guidanceScale,
  NOTHING,
  picture,
  presetParam,
  prompt,
  promptText,
  quick,
  sampler,
  seed,
} from './params.ts';
import { forced, forceParam, sideFigure, sidesComposed, viewText } from './sides.ts';
import { splitParams, splitting } from './splitting.ts';
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
    view: viewText
      .default('rotate180')
      .describe('how it is turned for what is hidden; the command also takes a .png or .json file'),
    part: z.int().min(1).max(3).default(1).describe('which component is that of the picture, from 1 to 3'),
    ...splitParams([first!, ...others], 'hybrid'),
    guidanceScale: guidanceScale(7),
    steps: z.int().min(1).max(1000).default(30).describe('inference steps'),
    preset: presetParam.default(quick.preset),
    sampler: sampler.default('ddpm'),
    seed,
    force: forceParam,
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
      seed,
      force,
      ...way
    },
    { base },
  ) => {
    const split = splitting({ factorization, kernelSize, sigma, mask });
    const { parts } = split;
    if (part > parts.length)
      throw new RecipeError('part', `${factorization} has ${parts.length} components`, `1 is “${parts[0]}”`);
    const options = { ...split.inputs, part, guidanceScale, seed, ...way };
    const sides = hidden === '' ? undefined : anagram(prompt, hidden, view, guidanceScale);
    const compose: Composition = sides ? sidesComposed(sides) : (stage) => stage(prompt);
    const wayOf = () => spacedWay(base, way.steps, way);
    const calls = callsOn(wayOf(), compose, guidanceScale);
    return [
      {
        key: `${picture}, ${prompt}`,
        inputs: { picture, prompt, ...(sides && { hidden, view }), ...options },
        pictures: [picture, ...split.pictures],
        calls: { base: calls },
        async *run(context) {
          if (sides) yield* forced(sides, base.sampleSize, force, 'view');
          const original = await context.picture(picture, base.sampleSize);
          await split.prepare(context, base.sampleSize, picture);
          const component = split.components(base.sampleSize)[part - 1]!;
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
          yield figure({
            id: 'result',
            row: '',
            column: prompt,
            image,
            seed,
            ...(sides && sideFigure(sides)),
          });
        },
      },
    ];
  },
});

const anagram = (prompt: string, hidden: string, view: string, guidanceScale: number) =>
  [
    { prompt, view: 'identity' },
    { prompt: hidden, view },
  ].map((side) => ({ ...side, guidanceScale, negative: NOTHING, weight: 1 }));
