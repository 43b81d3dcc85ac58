import * as z from 'zod';
import { factorizations, factorized } from '../diffusion/components.ts';
import { chosenParam, chosenPart, unlessChosen, withChosen } from './chosen.ts';
import { drawing } from './drawing.ts';
import { defineExperiment } from './experiment.ts';
import { expectOneEach } from './pairs.ts';
import {
  blurOfHybrids,
  checkKernel,
  guidanceScale,
  prompts,
  sampler,
  seed,
  setting,
  stageTwoOf,
  upscale,
} from './params.ts';
import { taughtWay } from './walk.ts';

const NEAR = [
  'a lithograph of waterfalls',
  'an oil painting of people around a campfire',
  'a photo of a dog',
];

export default defineExperiment({
  id: 'hybrid',
  title: 'Hybrid images',
  text: 'Another illusion: pictures that show one thing from near and another from afar. The noise is put together from two estimates, its low frequencies from one prompt, its high frequencies from the other. From afar only the low ones reach the eye.',
  formula: [
    {
      tex: '\\epsilon_1 = \\mathrm{UNet}(x_t, t, p_1)',
      plain: 'epsilon one is the estimate for the first prompt',
    },
    {
      tex: '\\epsilon_2 = \\mathrm{UNet}(x_t, t, p_2)',
      plain: 'epsilon two is the estimate for the second prompt',
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
      'an oil painting of a snowy mountain village',
    ).meta({
      kind: 'prompt',
      cli: 'far',
      description: 'what they show from afar',
    }),
    near: prompts(...NEAR).meta({
      kind: 'prompt',
      cli: 'near',
      pairs: 'far',
      description: 'what they show from near',
    }),
    ...unlessChosen({
      ...blurOfHybrids,
      guidanceScale: guidanceScale(5),
      sampler,
      setting,
      seed: seed.default(183).meta(seed.meta()!),
    }),
    chosen: chosenParam,
    ...upscale,
  }),
  positional: ['far', 'near'],
  lead: ['far', 'near', 'sigma'],
  example: 'campanile hybrid "a lithograph of a skull" "a lithograph of waterfalls" --sigma 2',
  parts: ({ far, near, kernelSize, sigma, sampler, setting, chosen, ...options }, models) => {
    expectOneEach('near', near, NEAR, { count: far.length, called: 'far prompt' });
    checkKernel(kernelSize);
    const drawn = far.map((afar, i) => {
      const close = near[i]!;
      return drawing(
        {
          ...options,
          key: `${afar} / ${close}`,
          alone: { far: [afar], near: [close] },
          inputs: { afar, close, kernelSize, sigma, sampler, setting },
          compose: (stage, size) => {
            const [low, high] = factorizations.hybrid.components(size, { kernelSize, sigma });
            return factorized([low!, stage(afar)], [high!, stage(close)]);
          },
          way: () => taughtWay(models.base, { setting, sampler }),
          figure: {
            id: `${i + 1}`,
            column: `${afar} and ${close}`,
            caption: close,
            farCaption: afar,
          },
          rows: ['Stage I', 'Stage II'],
        },
        models,
      );
    });
    return withChosen(drawn, chosen, (i) => {
      const [afar, close] = [far[i]!, near[i]!];
      const shown = { prompts: [afar], near: close };
      const placed = {
        id: `chosen-${i + 1}`,
        column: `${afar} and ${close}`,
        alone: { far: [afar], near: [close] },
      };
      return chosenPart(shown, { ...stageTwoOf(options), ...placed }, models);
    });
  },
});
