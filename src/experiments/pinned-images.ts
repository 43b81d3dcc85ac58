import * as z from 'zod';
import { factorizationNames, factorizations } from '../diffusion/components.ts';
import { pinned } from '../diffusion/inpaint.ts';
import { RecipeError } from '../errors.ts';
import { callsOn } from './drawing.ts';
import { defineExperiment, figure } from './experiment.ts';
import {
  blurOfHybrids,
  checkKernel,
  guidanceScale,
  picture,
  presetParam,
  prompt,
  quick,
  sampler,
  seed,
} from './params.ts';
import { noiseOf, pushed, spacedWay, walk } from './walk.ts';

export default defineExperiment({
  id: 'pin',
  title: 'A real picture as one component',
  text: 'An inverse hybrid: one component of the picture is that of a photograph, held at every level with the noise that belongs to it, and the model draws the rest to fit. With its low frequencies, the photograph is what is seen from afar; with its grey values, the model colours it.',
  formula: [
    {
      tex: 'x_t \\gets x_t - f(x_t) + f(\\mathrm{forward}(x_{orig}, t))',
      plain: 'after every step the component of x is replaced by that of the noised original',
    },
  ],
  remark: 'The held component ends as that of the photograph, to rounding.',
  params: z.strictObject({
    picture: picture('campanile'),
    prompt: prompt('a tropical forest'),
    factorization: z.enum(factorizationNames).default('hybrid').describe('how pictures are taken apart'),
    part: z.int().min(1).max(3).default(1).describe('which component is that of the picture, from 1 to 3'),
    ...blurOfHybrids,
    guidanceScale: guidanceScale(7),
    steps: z.int().min(1).max(1000).default(30).describe('inference steps'),
    preset: presetParam.default(quick.preset),
    sampler: sampler.default('ddpm'),
    seed,
  }),
  positional: ['picture', 'prompt'],
  example: 'campanile pin photo.png "an oil painting of an old man" --factorization colour',
  parts: (
    { picture, prompt, factorization, part, kernelSize, sigma, guidanceScale, seed, ...way },
    { base },
  ) => {
    checkKernel(kernelSize);
    const { components, parts } = factorizations[factorization];
    if (part > parts.length)
      throw new RecipeError('part', `${factorization} has ${parts.length} components`, `1 is “${parts[0]}”`);
    const options = { factorization, part, kernelSize, sigma, guidanceScale, seed, ...way };
    const wayOf = () => spacedWay(base, way.steps, way);
    const calls = callsOn(wayOf(), (stage) => stage(prompt), guidanceScale);
    return [
      {
        key: `${picture}, ${prompt}`,
        inputs: { picture, prompt, ...options },
        pictures: [picture],
        calls: { base: calls },
        async *run(context) {
          const original = await context.picture(picture, base.sampleSize);
          const component = components(base.sampleSize, { kernelSize, sigma })[part - 1]!;
          yield figure({ id: 'original', row: '', column: 'Original', image: original });
          const held = { id: 'held', row: '', column: `Held: ${parts[part - 1]}` };
          yield figure({ ...held, image: component(original) });
          const noise = noiseOf(base, seed);
          const { timesteps, ...rest } = wayOf();
          const told = { stage: 'base' as const, label: prompt, calls };
          const image = yield* walk(context, told, noise('start', timesteps[0]!), {
            ...rest,
            timesteps,
            estimator: pushed(base.estimator, guidanceScale)(prompt),
            project: pinned(component, original, base.alphaBar, noise),
            noise,
          });
          yield figure({ id: 'result', row: '', column: prompt, image, seed });
        },
      },
    ];
  },
});
