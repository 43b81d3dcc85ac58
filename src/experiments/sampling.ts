import { z } from 'zod';
import { noisePerImage } from '../diffusion/noise.ts';
import { ddpm } from '../diffusion/samplers.ts';
import { endingClean, spaced } from '../diffusion/schedule.ts';
import { defineExperiment } from './experiment.ts';
import { branches, guidanceScale, prompts, seed, upscale } from './params.ts';
import { enlarge, prompted, walk } from './walk.ts';

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
  parts: ({ prompts, steps, guidanceScale, seed, upscale, ...stageTwo }, { base, upscaler }) =>
    steps.flatMap((count) =>
      prompts.map((prompt) => ({
        key: `${count} steps, ${prompt}`,
        inputs: { prompt, count, guidanceScale, seed, upscale: upscale && stageTwo },
        calls: {
          base: branches(guidanceScale) * count,
          upscaler: upscale && upscaler ? branches(stageTwo.upscaleGuidance) * stageTwo.upscaleSteps : 0,
        },
        async *run({ signal }) {
          const noise = noisePerImage([seed], [3, base.sampleSize, base.sampleSize]);
          const timesteps = endingClean(spaced(count, 'leading', 0, base.numTrainTimesteps));
          const image = yield* walk(`${prompt}, ${count} steps`, noise('start', timesteps[0]!), {
            estimator: prompted(base.estimator, prompt, guidanceScale),
            alphaBar: base.alphaBar,
            threshold: base.threshold,
            sampler: ddpm(),
            timesteps,
            noise,
            signal,
          });
          const row = `${count} inference steps`;
          yield { type: 'figure', figure: { id: `${count}-${prompt}`, row, column: prompt, image, seed } };
          if (!upscale || !upscaler) return;
          const larger = yield* enlarge(prompt, image, (stage, scale) => prompted(stage, prompt, scale), {
            upscaler,
            noise,
            signal,
            ...stageTwo,
          });
          yield {
            type: 'figure',
            figure: {
              id: `${count}-${prompt}-ii`,
              row: `${row}, stage II`,
              column: prompt,
              image: larger,
              seed,
            },
          };
        },
      })),
    ),
});
