import * as z from 'zod';
import { averageViews, type View } from '../diffusion/view.ts';
import { identity, viewNames, views } from '../diffusion/views.ts';
import { chosenParam, chosenPart, unlessChosen, withChosen } from './chosen.ts';
import { drawing } from './drawing.ts';
import { defineExperiment } from './experiment.ts';
import { expectOneEach } from './pairs.ts';
import { guidanceScale, prompts, sampler, seed, setting, stageTwoOf, upscale } from './params.ts';
import { taughtWay } from './walk.ts';

const HIDDEN = ['an oil painting of people around a campfire', 'a skull', 'a hot air balloon'];

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
    prompts: prompts('an oil painting of a snowy mountain village', 'a dog', 'a violently erupting volcano'),
    hidden: prompts(...HIDDEN).meta({
      kind: 'prompt',
      cli: 'hidden',
      pairs: 'prompts',
      description: 'what they show when turned',
    }),
    ...unlessChosen({
      view: z.enum(viewNames).default('flip').describe('how the picture is turned'),
      guidanceScale: guidanceScale(5),
      sampler,
      setting,
      seed,
    }),
    chosen: chosenParam,
    ...upscale,
  }),
  positional: ['prompts', 'hidden'],
  lead: ['prompts', 'hidden', 'view'],
  example: 'campanile anagram "a violently erupting volcano" "a hot air balloon"',
  parts: ({ prompts, hidden, view: name, sampler, setting, chosen, ...options }, models) => {
    expectOneEach('hidden', hidden, HIDDEN, { count: prompts.length, called: 'prompt' });
    const view: View = views[name];
    const drawn = prompts.map((upright, i) => {
      const turned = hidden[i]!;
      return drawing(
        {
          ...options,
          key: `${upright} / ${turned}`,
          alone: { prompts: [upright], hidden: [turned] },
          inputs: { upright, turned, view: name, sampler, setting },
          compose: (stage) => averageViews([identity, stage(upright)], [view, stage(turned, view)]),
          way: () => taughtWay(models.base, { setting, sampler }),
          figure: {
            id: `${i + 1}`,
            column: upright,
            view: name,
            caption: upright,
            turnedCaption: turned,
          },
          rows: ['Stage I', 'Stage II'],
        },
        models,
      );
    });
    return withChosen(drawn, chosen, (i) => {
      const [upright, turned] = [prompts[i]!, hidden[i]!];
      const shown = { prompts: [upright, turned] };
      const alone = { prompts: [upright], hidden: [turned] };
      return chosenPart(
        shown,
        { ...stageTwoOf(options), id: `chosen-${i + 1}`, column: upright, alone },
        models,
      );
    });
  },
});
