import { gaussianBlur, gaussianKernel } from '../tensor/blur.ts';
import { checkFunction, checkImages, checkList, checkNumber } from '../tensor/check.ts';
import { subtract, sum, type Tensor } from '../tensor/tensor.ts';
import { meanVariance, type NoiseEstimator } from './estimator.ts';

/** A linear map of the estimate; the components of one picture sum to the identity. */
export type Component = (noise: Tensor) => Tensor;

/**
 * Each component of the noise from its own prompt: hybrid images.
 *
 *     ε = Σ fᵢ(εᵢ(x_t, t)),   Σ fᵢ = identity
 *
 * @see Geng, Park, Owens 2024, "Factorized Diffusion", arXiv 2404.11615, eq. 6
 */
export function factorized(...parts: readonly (readonly [Component, NoiseEstimator])[]): NoiseEstimator {
  checkList('parts', parts, 'at least one pair of component and estimator');
  for (const part of parts) {
    checkList('part', part, 'a pair of component and estimator');
    checkFunction('component', part[0]);
    checkFunction('estimator', part[1]);
  }
  return async (x, t) => {
    const estimates = await Promise.all(parts.map(([, estimator]) => estimator(x, t)));
    return { noise: sum(estimates.map((e, i) => parts[i]![0](e.noise))), variance: meanVariance(estimates) };
  };
}

/** What stays after a Gaussian blur. */
export function lowPass(kernelSize: number, sigma: number): Component {
  gaussianKernel(kernelSize, sigma); // refuses what is no kernel, before the run
  return (noise) => gaussianBlur(noise, kernelSize, sigma);
}

/** What a Gaussian blur takes away. */
export function highPass(kernelSize: number, sigma: number): Component {
  const low = lowPass(kernelSize, sigma);
  return (noise) => subtract(noise, low(noise));
}

/** The channel mean, in every channel. */
export const greyscale: Component = (noise) => {
  checkImages('noise', noise);
  const { data, shape } = noise;
  const [n, c, h, w] = shape as [number, number, number, number];
  const plane = h * w;
  const result = new Float32Array(data.length);
  for (let i = 0; i < n; i++) {
    for (let p = 0; p < plane; p++) {
      let total = 0;
      for (let k = 0; k < c; k++) total += data[(i * c + k) * plane + p]!;
      for (let k = 0; k < c; k++) result[(i * c + k) * plane + p] = total / c;
    }
  }
  return { data: result, shape };
};

/** What differs from the channel mean. */
export const colour: Component = (noise) => subtract(noise, greyscale(noise));

/** A kernel of the 64-pixel stage at another size: σ·f and k·f, made odd. [33, 2] at 64 is [133, 8] at 256. */
export function scaledKernel(
  size: number,
  kernelSize: number,
  sigma: number,
): [kernelSize: number, sigma: number] {
  checkNumber('size', size, { min: 1, whole: true });
  gaussianKernel(kernelSize, sigma);
  const factor = size / 64;
  const k = Math.round(kernelSize * factor);
  return [k % 2 === 1 ? k : k + 1, sigma * factor];
}

/** A way to split a picture: for a picture `size` pixels wide, components that sum to the identity. */
export interface Factorization {
  readonly name: string;
  /** What each component shows, in the order of the prompts. */
  readonly parts: readonly string[];
  components(size: number, options: { kernelSize: number; sigma: number }): Component[];
}

export const factorizations = {
  hybrid: {
    name: 'hybrid',
    parts: ['seen from afar', 'seen from near'],
    components: (size, { kernelSize, sigma }) => {
      const kernel = scaledKernel(size, kernelSize, sigma);
      return [lowPass(...kernel), highPass(...kernel)];
    },
  },
  triple: {
    name: 'triple',
    parts: ['seen from afar', 'seen from the middle', 'seen from near'],
    components: (size, { kernelSize, sigma }) => {
      const [k, s] = scaledKernel(size, kernelSize, sigma);
      const fine = lowPass(k, s / 2);
      const coarse = lowPass(k, s);
      return [(e) => coarse(fine(e)), (e) => subtract(fine(e), coarse(fine(e))), highPass(k, s / 2)];
    },
  },
  colour: { name: 'colour', parts: ['in greyscale', 'in colour'], components: () => [greyscale, colour] },
} satisfies Record<string, Factorization>;

export type FactorizationName = keyof typeof factorizations;
export const factorizationNames = Object.keys(factorizations) as [FactorizationName, ...FactorizationName[]];
