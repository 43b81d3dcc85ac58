import { addNoise, type NoiseSource, type Timestep } from '../diffusion/process.ts';
import { psnr } from '../tensor/psnr.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Figure, figure, type Part, type RunContext } from './experiment.ts';
import { noiseOf } from './walk.ts';

/** A picture, and the same noised to level t; what else is drawn comes from the same `noise`. */
export interface Noised {
  readonly original: Tensor;
  readonly noisy: Tensor;
  readonly noise: NoiseSource;
}

export async function noised(
  { base, picture }: RunContext,
  reference: string,
  t: Timestep,
  seed: number,
): Promise<Noised> {
  const original = await picture(reference, base.sampleSize);
  const noise = noiseOf(base, seed);
  return { original, noisy: addNoise(original, noise('forward', t), base.alphaBar(t)), noise };
}

export interface DenoisedColumn {
  readonly inputs: {
    readonly picture: string;
    readonly t: Timestep;
    readonly seed: number;
    readonly prompt?: string;
    readonly sigma?: number;
  };
  readonly calls: number;
  readonly figure: Pick<Figure, 'id' | 'row'>;
  readonly denoise: (given: Noised, context: RunContext) => Promise<Pick<Figure, 'image' | 'caption'>>;
}

/** A column of a table of noise levels: the noisy picture, and under it what a method makes of it. */
export function denoisedColumn({ inputs, calls, figure: { id, row }, denoise }: DenoisedColumn): Part {
  const { picture, t, seed } = inputs;
  return {
    key: `t = ${t}`,
    alone: { timesteps: [t] },
    inputs,
    pictures: [picture],
    calls: { base: calls },
    async *run(context) {
      const given = await noised(context, picture, t, seed);
      const { original, noisy } = given;
      const place = { column: `t = ${t}`, t, seed };
      yield figure({ ...place, id: `noisy-t${t}`, row: 'Noisy', image: noisy, psnr: psnr(noisy, original) });
      const denoised = await denoise(given, context);
      yield figure({ ...place, id: `${id}-t${t}`, row, ...denoised, psnr: psnr(denoised.image, original) });
    },
  };
}
