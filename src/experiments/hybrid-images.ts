import { z } from 'zod';
import type { Prompted } from '../diffusion/cascade.ts';
import { factorizations, factorized } from '../diffusion/components.ts';
import type { NoiseEstimator } from '../diffusion/estimator.ts';
import { noisePerImage } from '../diffusion/noise.ts';
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

interface Kernel {
  readonly kernelSize: number;
  readonly sigma: number;
}

function hybrid(
  stage: Prompted,
  size: number,
  far: string,
  near: string,
  kernel: Kernel,
  guidanceScale: number,
): NoiseEstimator {
  const [low, high] = factorizations.hybrid.components(size, kernel);
  return factorized(
    [low!, prompted(stage, far, guidanceScale)],
    [high!, prompted(stage, near, guidanceScale)],
  );
}

export default defineExperiment({
  id: 'hybrid',
  title: 'Hybrid images',
  text: 'Another illusion: pictures that show one thing from near and another from afar. The noise is put together from two estimates, its low frequencies from one prompt, its high frequencies from the other. From afar only the low ones reach the eye.',
  formula: [
    {
      tex: '\\epsilon_1 = \\mathrm{UNet}(x_t, t, p_1), \\quad \\epsilon_2 = \\mathrm{UNet}(x_t, t, p_2)',
      plain: 'epsilon one and two are the estimates for the two prompts',
    },
    {
      tex: '\\epsilon = f_{\\mathrm{lowpass}}(\\epsilon_1) + f_{\\mathrm{highpass}}(\\epsilon_2)',
      plain: 'the noise is the low-pass of the first plus the high-pass of the second',
    },
  ],
  remark: 'The low-pass is a Gaussian blur with kernel 33 and σ = 2, the high-pass what it takes away.',
  params: z.strictObject({
    far: prompts(
      'a lithograph of a skull',
      'the Amalfi coast',
      'a snowy mountain village',
      'a skull',
      'an old man',
    ).meta({
      kind: 'prompt',
      cli: 'far',
      description: 'what they show from afar',
    }),
    near: prompts(
      'a lithograph of waterfalls',
      'people around a campfire',
      'a dog',
      'a tropical forest',
      'a tropical forest',
    ).meta({
      kind: 'prompt',
      cli: 'near',
      description: 'what they show from near',
    }),
    kernelSize: z.int().min(3).max(127).default(33).describe('width of the blur at 64 pixels, odd'),
    sigma: z
      .number()
      .min(0.1)
      .max(20)
      .default(2)
      .describe('σ of the blur in pixels at 64; smaller makes the far subject easier to see'),
    guidanceScale: guidanceScale(5),
    sampler,
    setting,
    seed,
    ...upscale,
  }),
  positional: ['far', 'near'],
  example: 'campanile hybrid "a lithograph of a skull" "a lithograph of waterfalls" --sigma 2',
  parts: (
    { far, near, kernelSize, sigma, guidanceScale, sampler, setting, seed, upscale, ...stageTwo },
    { base, upscaler },
  ) => {
    if (far.length !== near.length)
      throw new RecipeError(
        'near',
        `${near.length} near prompts for ${far.length} far ones`,
        'give one for each',
      );
    if (kernelSize % 2 === 0)
      throw new RecipeError(
        'kernelSize',
        `${kernelSize} is even`,
        'a kernel has a middle: give an odd number',
      );
    const kernel = { kernelSize, sigma };
    const timesteps = settings[setting].timesteps();
    return far.map((afar, i) => {
      const close = near[i]!;
      return {
        key: `${afar} / ${close}`,
        inputs: {
          afar,
          close,
          ...kernel,
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
          const image = yield* walk(`${afar} / ${close}`, noise('start', timesteps[0]!), {
            estimator: hybrid(base.estimator, base.sampleSize, afar, close, kernel, guidanceScale),
            alphaBar: base.alphaBar,
            threshold: settings[setting].threshold(base),
            sampler: samplerNamed(sampler),
            timesteps,
            noise,
            signal,
          });
          const shown = { column: `${afar} and ${close}`, seed, caption: close, farCaption: afar };
          yield { type: 'figure', figure: { id: `${i + 1}`, row: 'Stage I', image, ...shown } };
          if (!upscale || !upscaler) return;
          const larger = yield* enlarge(
            afar,
            image,
            (stage, scale) => hybrid(stage, upscaler.sampleSize, afar, close, kernel, scale),
            { upscaler, noise, signal, ...stageTwo },
          );
          yield { type: 'figure', figure: { id: `${i + 1}-ii`, row: 'Stage II', image: larger, ...shown } };
        },
      };
    });
  },
});
