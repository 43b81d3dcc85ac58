import * as z from 'zod';
import { factorizationNames } from '../diffusion/components.ts';
import { RecipeError } from '../errors.ts';
import { drawing } from './drawing.ts';
import { defineExperiment } from './experiment.ts';
import { judgedBy, judgedPart, judgeParam } from './judge.ts';
import {
  guidanceScale,
  NOTHING,
  presetParam,
  promptText,
  quickEven,
  sampler,
  seed,
  stepsParam,
  upscale,
} from './params.ts';
import { looked, lookedFor, type Sided, sideFigure, sidesComposed } from './sides.ts';
import { prepared, type Splitting, shareParam, splitParams, splitting } from './splitting.ts';
import { spacedWay } from './walk.ts';

export default defineExperiment({
  id: 'factorize',
  title: 'Hybrids of every kind',
  text: 'A hybrid takes low frequencies from one prompt and high ones from another. Anything that takes a picture apart into components which add up to it will do as well: three bands, grey values and colour, what is left of a moved picture, the left and the right half.',
  formula: [
    {
      tex: '\\epsilon = \\sum_i f_i(\\epsilon_i), \\quad \\sum_i f_i = \\mathrm{id}',
      plain:
        'the noise is the sum of the components, each of its own estimate; all components add up to the identity',
    },
  ],
  params: z.strictObject({
    prompts: z
      .array(promptText.meta({ kind: 'prompt' }))
      .min(2)
      .max(3)
      .default(['a lithograph of a skull', 'an old man', 'a tropical forest'])
      .meta({
        kind: 'prompt',
        together: true,
        cli: 'prompt',
        description: 'what the components show, in their order',
      }),
    ...splitParams(factorizationNames, 'triple'),
    share: shareParam(factorizationNames),
    guidanceScale: guidanceScale(7),
    steps: stepsParam(30, 'inference steps'),
    preset: presetParam.default(quickEven.preset),
    sampler: sampler.default(quickEven.sampler),
    seed,
    judge: judgeParam,
    ...upscale,
  }),
  positional: ['prompts'],
  example: 'campanile factorize "a photo of a dog" "a tropical forest" --factorization colour',
  parts: (
    { prompts, factorization, kernelSize, sigma, mask, share, steps, preset, sampler, judge, ...options },
    models,
  ) => {
    const { base } = models;
    const split = splitting({ factorization, kernelSize, sigma, mask, share });
    const { parts, inputs } = split;
    if (prompts.length !== parts.length)
      throw new RecipeError(
        'prompts',
        `${prompts.length} prompts for the ${parts.length} components of ${factorization}`,
        `give one for each: ${parts.join(', ')}`,
      );
    const sided = oneSide(prompts, options.guidanceScale, split);
    const drawn = drawing(
      {
        ...options,
        key: `${factorization}: ${prompts.join(' / ')}`,
        inputs: {
          prompts,
          ...inputs,
          steps,
          preset,
          sampler,
          judged: judge && judgedBy(base, lookedFor(sided)),
        },
        compose: sidesComposed(sided),
        way: () => spacedWay(base, steps, { sampler, preset }),
        figure: {
          id: factorization,
          column: parts.map((part, i) => `${part} ${prompts[i]}`).join(', '),
          ...sideFigure(sided),
        },
        rows: ['Stage I', 'Stage II'],
      },
      models,
    );
    const part = prepared(drawn, split, models, options.upscale);
    return [judge ? judgedPart(part, base, looked(sided)) : part];
  },
});

/** A picture that is looked at upright, and shows a prompt in each of its parts. */
function oneSide([first, ...others]: readonly string[], guidanceScale: number, split: Splitting): Sided {
  const beside = others.map((prompt) => ({ prompt, guidanceScale }));
  const side = { prompt: first!, view: 'identity', negative: NOTHING, guidanceScale, weight: 1, beside };
  return { sides: [side], split };
}
