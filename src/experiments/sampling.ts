import * as z from 'zod';
import { drawing } from './drawing.ts';
import { defineExperiment } from './experiment.ts';
import { guidanceScale, prompts, seed, upscale } from './params.ts';
import { spacedWay } from './walk.ts';

export default defineExperiment({
  id: 'sampling',
  title: 'Sampling from the model',
  text: 'A diffusion model draws a picture by removing noise from noise, step by step, while it listens to a prompt. Here are pictures for the same prompts, from the same noise, with different numbers of inference steps: above as stage I draws them at 64 × 64, below as stage II enlarges them to 256 × 256.',
  remark: 'The more steps, the more detail, and the better the picture fits its prompt.',
  params: z.strictObject({
    prompts: prompts('an oil painting of a snowy mountain village', 'a man wearing a hat', 'a rocket ship'),
    steps: z
      .array(z.int().min(1).max(1000))
      .min(1)
      .max(10)
      .default([5, 10, 20, 40])
      .meta({ cli: 'steps', description: 'numbers of inference steps to compare' }),
    guidanceScale: guidanceScale(7),
    seed,
    ...upscale,
  }),
  positional: ['prompts'],
  example: 'campanile sampling "a rocket ship" --steps 40 --seed 180',
  parts: ({ prompts, steps, ...options }, models) =>
    steps.flatMap((count) =>
      prompts.map((prompt) =>
        drawing(
          {
            ...options,
            key: `${count} steps, ${prompt}`,
            alone: { prompts: [prompt], steps: [count] },
            inputs: { prompt, count },
            compose: (stage) => stage(prompt),
            way: () => spacedWay(models.base, count),
            figure: { id: `${count}-${prompt}`, column: prompt },
            rows: [`${count} inference steps`, `${count} inference steps, stage II`],
          },
          models,
        ),
      ),
    ),
});
