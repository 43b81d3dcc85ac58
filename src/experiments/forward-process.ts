import * as z from 'zod';
import { psnr } from '../tensor/psnr.ts';
import { defineExperiment, figure } from './experiment.ts';
import { noising } from './formulas.ts';
import { noised } from './noised.ts';
import { picture, seed, timestepList } from './params.ts';

export default defineExperiment({
  id: 'forward',
  title: 'Forward process',
  text: 'In the forward process a clean picture is noised: independent Gaussian noise of mean zero is added to each pixel, and the picture fades as the noise grows. At t = 0 the picture is clean, at t = 999 hardly anything of it is left.',
  formula: [noising],
  params: z.strictObject({ picture: picture('campanile'), timesteps: timestepList(250, 500, 750), seed }),
  positional: ['picture'],
  lead: ['timesteps'],
  example: 'campanile forward photo.png --t 250,500,750',
  parts: ({ picture, timesteps, seed }, { base }) => [
    {
      key: 'noised',
      inputs: { picture, timesteps, seed },
      pictures: [picture],
      calls: { base: 0 },
      async *run(context) {
        const original = await context.picture(picture, base.sampleSize);
        yield figure({ id: 'original', row: '', column: 'Original', image: original });
        for (const t of timesteps) {
          const { noisy } = await noised(context, picture, t, seed);
          const place = { id: `t${t}`, row: '', column: `t = ${t}` };
          yield figure({ ...place, image: noisy, t, seed, psnr: psnr(noisy, original) });
        }
      },
    },
  ],
});
