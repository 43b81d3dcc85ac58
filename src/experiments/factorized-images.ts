import * as z from 'zod';
import { factorizationNames, factorized } from '../diffusion/components.ts';
import { RecipeError } from '../errors.ts';
import { drawing } from './drawing.ts';
import { defineExperiment } from './experiment.ts';
import { guidanceScale, presetParam, promptText, quick, sampler, seed, upscale } from './params.ts';
import { shareParam, splitParams, splitting } from './splitting.ts';
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
    share: shareParam,
    guidanceScale: guidanceScale(7),
    steps: z.int().min(1).max(1000).default(30).describe('inference steps'),
    preset: presetParam.default(quick.preset),
    sampler: sampler.default(quick.sampler),
    seed,
    ...upscale,
  }),
  positional: ['prompts'],
  example: 'campanile factorize "a photo of a dog" "a tropical forest" --factorization colour',
  parts: (
    { prompts, factorization, kernelSize, sigma, mask, share, steps, preset, sampler, ...options },
    models,
  ) => {
    const split = splitting({ factorization, kernelSize, sigma, mask, share });
    const { parts, inputs, components } = split;
    if (prompts.length !== parts.length)
      throw new RecipeError(
        'prompts',
        `${prompts.length} prompts for the ${parts.length} components of ${factorization}`,
        `give one for each: ${parts.join(', ')}`,
      );
    const drawn = drawing(
      {
        ...options,
        key: `${factorization}: ${prompts.join(' / ')}`,
        inputs: { prompts, ...inputs, steps, preset, sampler },
        compose: (stage, size) =>
          factorized(...components(size).map((f, i) => [f, stage(prompts[i]!)] as const)),
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
    );
    return [
      {
        ...drawn,
        pictures: split.pictures,
        async *run(context) {
          const stages = [models.base, ...(options.upscale && models.upscaler ? [models.upscaler] : [])];
          for (const { sampleSize } of stages) await split.prepare(context, sampleSize);
          yield* drawn.run(context);
        },
      },
    ];
  },
});
