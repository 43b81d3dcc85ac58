import * as z from 'zod';
import { factorizationNames, factorizations, factorized } from '../diffusion/components.ts';
import { RecipeError } from '../errors.ts';
import { drawing } from './drawing.ts';
import { defineExperiment } from './experiment.ts';
import {
  blurOfHybrids,
  checkKernel,
  guidanceScale,
  presetParam,
  promptText,
  quick,
  sampler,
  seed,
  upscale,
} from './params.ts';
import { spacedWay } from './walk.ts';

const parts = factorizationNames
  .map((name) => `${name}: ${factorizations[name].parts.join(', ')}`)
  .join('; ');

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
    factorization: z
      .enum(factorizationNames)
      .default('triple')
      .describe(`how pictures are taken apart. ${parts}`),
    ...blurOfHybrids,
    guidanceScale: guidanceScale(7),
    steps: z.int().min(1).max(1000).default(30).describe('inference steps'),
    preset: presetParam.default(quick.preset),
    sampler: sampler.default(quick.sampler),
    seed,
    ...upscale,
  }),
  positional: ['prompts'],
  example: 'campanile factorize "a photo of a dog" "a tropical forest" --factorization colour',
  parts: ({ prompts, factorization, kernelSize, sigma, steps, preset, sampler, ...options }, models) => {
    checkKernel(kernelSize);
    const { components, parts } = factorizations[factorization];
    if (prompts.length !== parts.length)
      throw new RecipeError(
        'prompts',
        `${prompts.length} prompts for the ${parts.length} components of ${factorization}`,
        `give one for each: ${parts.join(', ')}`,
      );
    return [
      drawing(
        {
          ...options,
          key: `${factorization}: ${prompts.join(' / ')}`,
          inputs: { prompts, factorization, kernelSize, sigma, steps, preset, sampler },
          compose: (stage, size) =>
            factorized(
              ...components(size, { kernelSize, sigma }).map((f, i) => [f, stage(prompts[i]!)] as const),
            ),
          way: () => spacedWay(models.base, steps, { sampler, preset }),
          figure: {
            id: factorization,
            column: parts.map((part, i) => `${part} ${prompts[i]}`).join(', '),
            caption: prompts.at(-1)!,
            ...(parts[0] === 'seen from afar' && { farCaption: prompts[0]! }),
          },
          rows: ['Stage I', 'Stage II'],
        },
        models,
      ),
    ];
  },
});
