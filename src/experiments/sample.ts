import * as z from 'zod';
import { drawing } from './drawing.ts';
import { defineExperiment } from './experiment.ts';
import {
  economy,
  guidanceScale,
  presetParam,
  prompts,
  quick,
  sampler,
  saving,
  seed,
  seedsFrom,
  stepsParam,
  upscale,
} from './params.ts';
import { spacedWay } from './walk.ts';

export default defineExperiment({
  id: 'sample',
  title: 'Pictures from a prompt',
  text: 'Pictures for your own prompts, each from its own noise, drawn at 64 × 64 and enlarged to 256 × 256.',
  params: z.strictObject({
    prompts: prompts('a rocket ship'),
    count: z.int().min(1).max(64).default(1).meta({ grows: true, description: 'pictures for each prompt' }),
    steps: stepsParam(quick.steps, 'inference steps'),
    preset: presetParam.default(quick.preset),
    guidanceScale: guidanceScale(7),
    sampler: sampler.default(quick.sampler),
    ...economy,
    seed,
    ...upscale,
  }),
  positional: ['prompts'],
  example: 'campanile sample "an oil painting of a castle" --count 4',
  serves: 'text-to-image',
  parts: (
    { prompts, count, preset, sampler, steps: asked, guidanceFrom, guidanceTo, fast, ...options },
    models,
  ) => {
    const { steps, interval } = saving(asked, { guidanceFrom, guidanceTo, fast });
    const seeds = seedsFrom(options.seed, count);
    return prompts.flatMap((prompt) =>
      seeds.map((seed) =>
        drawing(
          {
            ...options,
            key: `${prompt}, seed ${seed}`,
            alone: { prompts: [prompt], seed, count: 1 },
            inputs: { prompt, steps, preset, sampler },
            compose: (stage) => stage(prompt),
            way: () => spacedWay(models.base, steps, { sampler, preset }),
            interval,
            seed,
            figure: { id: `${prompt}-${seed}`, column: `seed ${seed}` },
            rows: [prompt, `${prompt}, stage II`],
          },
          models,
        ),
      ),
    );
  },
});
