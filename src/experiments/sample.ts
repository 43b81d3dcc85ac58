import { z } from 'zod';
import { noisePerImage } from '../diffusion/noise.ts';
import { endingClean, spaced } from '../diffusion/schedule.ts';
import { defineExperiment } from './experiment.ts';
import { branches, guidanceScale, prompts, sampler, samplerNamed, seed, upscale } from './params.ts';
import { enlarge, prompted, walk } from './walk.ts';

export default defineExperiment({
  id: 'sample',
  title: 'Pictures from a prompt',
  text: 'Pictures for your own prompts, each from its own noise, drawn at 64 × 64 and enlarged to 256 × 256.',
  params: z.strictObject({
    prompts: prompts('a rocket ship'),
    count: z.int().min(1).max(64).default(1).describe('pictures for each prompt'),
    steps: z.int().min(1).max(1000).default(40).describe('inference steps'),
    guidanceScale: guidanceScale(7),
    sampler,
    seed,
    ...upscale,
  }),
  positional: ['prompts'],
  example: 'campanile sample "an oil painting of a castle" --count 4',
  serves: 'text-to-image',
  parts: (
    { prompts, count, steps, guidanceScale, sampler, seed, upscale, ...stageTwo },
    { base, upscaler },
  ) => {
    const timesteps = endingClean(spaced(steps, 'leading', 0, base.numTrainTimesteps));
    const seeds = Array.from({ length: count }, (_, i) => seed + i);
    return prompts.flatMap((prompt) =>
      seeds.map((seed) => ({
        key: `${prompt}, seed ${seed}`,
        inputs: { prompt, steps, guidanceScale, sampler, seed, upscale: upscale && stageTwo },
        calls: {
          base: branches(guidanceScale) * steps,
          upscaler: upscale && upscaler ? branches(stageTwo.upscaleGuidance) * stageTwo.upscaleSteps : 0,
        },
        async *run({ signal }) {
          const noise = noisePerImage([seed], [3, base.sampleSize, base.sampleSize]);
          const image = yield* walk(prompt, noise('start', timesteps[0]!), {
            estimator: prompted(base.estimator, prompt, guidanceScale),
            alphaBar: base.alphaBar,
            threshold: base.threshold,
            sampler: samplerNamed(sampler),
            timesteps,
            noise,
            signal,
          });
          const place = { row: prompt, column: `seed ${seed}`, seed };
          yield { type: 'figure', figure: { id: `${prompt}-${seed}`, image, ...place } };
          if (!upscale || !upscaler) return;
          const compose: Parameters<typeof enlarge>[2] = (stage, scale) => prompted(stage, prompt, scale);
          const larger = yield* enlarge(prompt, image, compose, { upscaler, noise, signal, ...stageTwo });
          const figure = { id: `${prompt}-${seed}-ii`, image: larger, ...place, row: `${prompt}, stage II` };
          yield { type: 'figure', figure };
        },
      })),
    );
  },
});
