import * as z from 'zod';
import { type SamplerName, samplers } from '../diffusion/samplers.ts';
import { drawing } from './drawing.ts';
import type { Part } from './experiment.ts';
import { defineExperiment } from './experiment.ts';
import { cleaning, guiding } from './formulas.ts';
import {
  counted,
  guidanceScale,
  isCounted,
  once,
  type Preset,
  presetParam,
  prompts,
  quick,
  sampler,
  seed,
  upscale,
} from './params.ts';
import { spacedWay } from './walk.ts';

export default defineExperiment({
  id: 'sampling',
  title: 'Sampling from the model',
  text: 'A diffusion model draws a picture by removing noise from noise, step by step, while it listens to a prompt. Here are pictures for the same prompts, from the same noise, with different numbers of inference steps: above as stage I draws them at 64 × 64, below as stage II enlarges them to 256 × 256. Beneath them, beyond the document: a method that looks back at the step before and so needs fewer.',
  remark: 'The more steps, the more detail, and the better the picture fits its prompt.',
  params: z.strictObject({
    prompts: prompts('an oil painting of a snowy mountain village', 'a man wearing a hat', 'a rocket ship'),
    steps: z
      .array(z.int().min(1).max(1000))
      .min(1)
      .max(10)
      .refine(...once)
      .default([5, 10, 20, 40])
      .meta({
        cli: 'steps',
        unless: { preset: counted },
        description: 'numbers of inference steps to compare',
      }),
    sampler,
    preset: presetParam,
    beyond: z.boolean().default(true).describe('show a faster method beneath, beyond the document'),
    guidanceScale: guidanceScale(7),
    seed,
    ...upscale,
  }),
  positional: ['prompts'],
  lead: ['prompts', 'steps'],
  applies: [cleaning, guiding],
  example: 'campanile sampling "a rocket ship" --steps 40 --seed 180',
  parts: ({ prompts, steps, sampler, preset, beyond, ...options }, models) => {
    const row = (count: number, sampler: SamplerName, preset: Preset): Part[] => {
      // The document's own way goes without saying, in names and recipes too.
      const own = sampler === 'ddpm' && preset === 'even';
      const id = own ? `${count}` : `${sampler}-${preset}-${count}`;
      const name = own ? `${count} inference steps` : `${count} steps of ${samplers[sampler].title}`;
      return prompts.map((prompt) =>
        drawing(
          {
            ...options,
            key: `${id} steps, ${prompt}`,
            alone: {
              prompts: [prompt],
              ...(!isCounted(preset) && { steps: [count] }),
              sampler,
              preset,
              beyond: false,
            },
            inputs: { prompt, count, ...(own ? {} : { sampler, preset }) },
            compose: (stage) => stage(prompt),
            way: () => spacedWay(models.base, count, { sampler, preset }),
            figure: { id: `${id}-${prompt}`, column: prompt },
            rows: [name, `${name}, stage II`],
          },
          models,
        ),
      );
    };
    // A named itinerary has a number of its own.
    const counts = isCounted(preset) ? [spacedWay(models.base, 1, { preset }).timesteps.length - 1] : steps;
    return [
      ...counts.flatMap((count) => row(count, sampler, preset)),
      ...(beyond ? row(quick.steps, quick.sampler, quick.preset) : []),
    ];
  },
});
