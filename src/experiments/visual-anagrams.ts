import { z } from 'zod';
import type { Prompted } from '../diffusion/cascade.ts';
import type { NoiseEstimator } from '../diffusion/estimator.ts';
import { noisePerImage } from '../diffusion/noise.ts';
import { averageViews, identity, type View, viewNames, views } from '../diffusion/views.ts';
import { RecipeError } from '../errors.ts';
import { defineExperiment } from './experiment.ts';
import {
  branches,
  guidanceScale,
  prompts,
  sampler,
  samplerNamed,
  seed,
  setting,
  settings,
  upscale,
} from './params.ts';
import { enlarge, prompted, walk } from './walk.ts';

const anagram = (
  stage: Prompted,
  upright: string,
  turned: string,
  view: View,
  guidanceScale: number,
): NoiseEstimator =>
  averageViews(
    [identity, prompted(stage, upright, guidanceScale, identity)],
    [view, prompted(stage, turned, guidanceScale, view)],
  );

export default defineExperiment({
  id: 'anagram',
  title: 'Visual anagrams',
  text: 'One picture, two meanings. At each step the noise is estimated under the first prompt, and once more, with the picture upside down, under the second; the mean of the two, the second turned back, is the noise that is removed. What is left satisfies both. Turn the pictures: hover, tap, or focus them and press Enter.',
  formula: [
    {
      tex: '\\epsilon_1 = \\mathrm{UNet}(x_t, t, p_1)',
      plain: 'epsilon one is the estimate for the first prompt',
    },
    {
      tex: '\\epsilon_2 = \\mathrm{flip}(\\mathrm{UNet}(\\mathrm{flip}(x_t), t, p_2))',
      plain: 'epsilon two is the estimate for the second prompt, with the picture flipped, flipped back',
    },
    { tex: '\\epsilon = (\\epsilon_1 + \\epsilon_2) / 2', plain: 'the noise is the mean of the two' },
  ],
  params: z.strictObject({
    prompts: prompts('a snowy mountain village', 'a dog', 'the Amalfi coast'),
    hidden: z
      .array(z.string().max(500).meta({ kind: 'prompt' }))
      .min(1)
      .max(20)
      .default(['people around a campfire', 'a skull', 'people around a campfire'])
      .meta({ kind: 'prompt', cli: 'hidden', description: 'what they show when turned' }),
    view: z.enum(viewNames).default('flip').describe('how the picture is turned'),
    guidanceScale: guidanceScale(5),
    sampler,
    setting,
    seed,
    ...upscale,
  }),
  positional: ['prompts', 'hidden'],
  example:
    'campanile anagram "an oil painting of a campfire" "an oil painting of an old man" --view rotate180',
  parts: (
    { prompts, hidden, view: name, guidanceScale, sampler, setting, seed, upscale, ...stageTwo },
    { base, upscaler },
  ) => {
    if (prompts.length !== hidden.length)
      throw new RecipeError(
        'hidden',
        `${hidden.length} hidden prompts for ${prompts.length} prompts`,
        'give one for each',
      );
    const view: View = views[name];
    const timesteps = settings[setting].timesteps();
    return prompts.map((upright, i) => {
      const turned = hidden[i]!;
      return {
        key: `${upright} / ${turned}`,
        inputs: {
          upright,
          turned,
          view: name,
          guidanceScale,
          sampler,
          setting,
          seed,
          upscale: upscale && stageTwo,
        },
        calls: {
          base: 2 * branches(guidanceScale) * (timesteps.length - 1),
          upscaler: upscale && upscaler ? 2 * branches(stageTwo.upscaleGuidance) * stageTwo.upscaleSteps : 0,
        },
        async *run({ signal }) {
          const noise = noisePerImage([seed], [3, base.sampleSize, base.sampleSize]);
          const image = yield* walk(`${upright} / ${turned}`, noise('start', timesteps[0]!), {
            estimator: anagram(base.estimator, upright, turned, view, guidanceScale),
            alphaBar: base.alphaBar,
            threshold: settings[setting].threshold(base),
            sampler: samplerNamed(sampler),
            timesteps,
            noise,
            signal,
          });
          const shown = { column: upright, seed, view: name, caption: upright, turnedCaption: turned };
          yield { type: 'figure', figure: { id: `${i + 1}`, row: 'Stage I', image, ...shown } };
          if (!upscale || !upscaler) return;
          const larger = yield* enlarge(
            upright,
            image,
            (stage, scale) => anagram(stage, upright, turned, view, scale),
            { upscaler, noise, signal, ...stageTwo },
          );
          yield { type: 'figure', figure: { id: `${i + 1}-ii`, row: 'Stage II', image: larger, ...shown } };
        },
      };
    });
  },
});
