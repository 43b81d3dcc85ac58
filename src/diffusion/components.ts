import { ArgumentError } from '../errors.ts';
import { gaussianBlur, gaussianKernel } from '../tensor/blur.ts';
import { checkFunction, checkImages, checkList, checkNumber, LONGEST } from '../tensor/check.ts';
import { blend, map, subtract, sum, type Tensor, tensor, zeros } from '../tensor/tensor.ts';
import { meanVariance, type NoiseEstimator } from './estimator.ts';
import { records } from './records.ts';

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

/**
 * What stays after a Gaussian blur: the far side of a hybrid.
 *
 * @param kernelSize  width of the kernel in pixels, an odd number
 * @param sigma  its standard deviation in pixels
 * @throws {ArgumentError} unless they make a kernel
 * @see Geng, Park, Owens 2024, "Factorized Diffusion", arXiv 2404.11615
 */
export function lowPass(kernelSize: number, sigma: number): Component {
  gaussianKernel(kernelSize, sigma); // refuses what is no kernel, before the run
  return (noise) => gaussianBlur(noise, kernelSize, sigma);
}

/**
 * What a Gaussian blur takes away, the near side of a hybrid: x − lowPass(x), so that both add up to the picture.
 *
 * @param kernelSize  width of the kernel in pixels, an odd number
 * @param sigma  its standard deviation in pixels
 * @throws {ArgumentError} unless they make a kernel
 */
export function highPass(kernelSize: number, sigma: number): Component {
  return rest(lowPass(kernelSize, sigma));
}

/**
 * The channel mean, in every channel, of [N, C, H, W].
 *
 * @see Geng, Park, Owens 2024, "Factorized Diffusion", arXiv 2404.11615: colour hybrids
 */
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

/**
 * What differs from the channel mean: x − greyscale(x), so that both add up to the picture.
 */
export const colour: Component = (noise) => subtract(noise, greyscale(noise));

/**
 * What stays when the picture is moved along its falling diagonal: the mean over `length` places, `length` odd, beyond the
 * border the border's own pixel.
 *
 * @see Geng et al. 2024, arXiv 2404.11615: motion hybrids
 */
export function motionBlur(length: number): Component {
  checkNumber('length', length, { min: 1, max: LONGEST, whole: true });
  if (length % 2 === 0) throw new ArgumentError('length', length, 'an odd number: a blur has a middle');
  return (noise) => {
    checkImages('noise', noise);
    const [h, w] = noise.shape.slice(-2) as [number, number];
    const inside = (i: number, n: number) => Math.min(n - 1, Math.max(0, i));
    return map(noise, (_, i) => {
      const plane = i - (i % (h * w));
      const [y, x] = [Math.floor((i - plane) / w), i % w];
      let total = 0;
      for (let d = -(length - 1) / 2; d <= (length - 1) / 2; d++)
        total += noise.data[plane + inside(y + d, h) * w + inside(x + d, w)]!;
      return total / length;
    });
  };
}

/**
 * Each place of the picture from one of two: m·ε, and what is left of it, (1 − m)·ε.
 *
 * @param mask  [1, 1, H, W] of the size of the noise, each value 0 to 1
 */
export function spatial(mask: Tensor): [inside: Component, outside: Component] {
  checkImages('mask', mask, 1);
  const inside: Component = (noise) => blend(mask, noise, zeros(noise.shape));
  return [inside, (noise) => subtract(noise, inside(noise))];
}

/**
 * The same estimate in shares that sum to 1: compositions, and with a share below 0 negations.
 *
 * @see Liu et al. 2022, "Compositional Visual Generation", arXiv 2206.01714
 */
export function shares(...weights: readonly number[]): Component[] {
  checkList('weights', weights);
  for (const weight of weights) checkNumber('weight', weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (Math.abs(total - 1) > 1e-9)
    throw new ArgumentError('weights', weights, `numbers whose sum is 1, not ${total}`);
  return weights.map((weight) => (noise) => map(noise, (value) => weight * value));
}

/** Component `index` of a set split once more, by another set: f₁, f₂ by g₁, g₂ at 0 is g₁∘f₁, g₂∘f₁, f₂. */
export function splitFurther(
  components: readonly Component[],
  index: number,
  by: readonly Component[],
): Component[] {
  checkList('components', components);
  checkNumber('index', index, { min: 0, max: components.length - 1, whole: true });
  checkList('by', by);
  for (const f of [...components, ...by]) checkFunction('component', f);
  return components.flatMap((f, i) =>
    i === index
      ? by.map(
          (g): Component =>
            (e) =>
              g(f(e)),
        )
      : [f],
  );
}

/** A kernel of the 64-pixel stage at another size: σ·f and k·f, made odd. [33, 2] at 64 is [133, 8] at 256. */
export function scaledKernel(
  size: number,
  kernelSize: number,
  sigma: number,
): [kernelSize: number, sigma: number] {
  checkNumber('size', size, { min: 1, max: LONGEST, whole: true });
  gaussianKernel(kernelSize, sigma);
  const factor = size / 64;
  const k = Math.round(kernelSize * factor);
  return [k % 2 === 1 ? k : k + 1, sigma * factor];
}

/** The blur of the document's hybrids: kernel and σ at 64 pixels. */
export const HYBRID_BLUR = { kernelSize: 33, sigma: 2 } as const;

/** What the ways to split a picture ask for; each takes what it needs. */
export interface SplitOptions {
  readonly kernelSize: number;
  readonly sigma: number;
  readonly mask?: Tensor | undefined;
  readonly share?: number | undefined;
}

/** A way to split a picture: for a picture `size` pixels wide, components that sum to the identity. */
export interface Factorization {
  /** As options and forms call it. */
  readonly name: string;
  /** What each component shows, in the order of the prompts. */
  readonly parts: readonly string[];
  /** What it asks for; it has no use for the others. */
  readonly takes: readonly (keyof SplitOptions)[];
  /**
   * Its components, which add up to the picture.
   *
   * @param size  height and width of the picture, in pixels
   * @param options  of the Gaussian: `kernelSize` in pixels, an odd number, and `sigma` in pixels, both at 64 pixels; of
   *   `mask` the mask, [1, 1, size, size] in [0, 1], the left half without one; of `shares` that of the first, half without it
   */
  components(size: number, options: SplitOptions): Component[];
  /**
   * What of the finished picture the eye takes in when it looks for each part, where that is not the whole: from near, or at
   * rest, or in colour, all the other parts are seen too.
   */
  looks(size: number, options: SplitOptions): (Component | undefined)[];
}

/** What a Gaussian for pictures of 64 pixels leaves at another size. */
const blurred = (size: number, kernelSize: number, sigma: number): Component =>
  lowPass(...scaledKernel(size, kernelSize, sigma));

/** The same, from where the middle is still seen, and from where it is not. */
function blurredTwice(
  size: number,
  kernelSize: number,
  sigma: number,
): { readonly fine: Component; readonly far: Component } {
  const [k, s] = scaledKernel(size, kernelSize, sigma);
  const [fine, coarse] = [lowPass(k, s / 2), lowPass(k, s)];
  return { fine, far: (noise) => coarse(fine(noise)) };
}

const rest =
  (part: Component): Component =>
  (noise) =>
    subtract(noise, part(noise));

/** Pairs, or more, of components that add up to the picture, by name: what one prompt gives and what another. */
export const factorizations = records<Factorization>()({
  hybrid: {
    name: 'hybrid',
    parts: ['seen from afar', 'seen from near'],
    takes: ['kernelSize', 'sigma'],
    components: (size, { kernelSize, sigma }) => {
      const low = blurred(size, kernelSize, sigma);
      return [low, rest(low)];
    },
    looks: (size, { kernelSize, sigma }) => [blurred(size, kernelSize, sigma), undefined],
  },
  triple: {
    name: 'triple',
    parts: ['seen from afar', 'seen from the middle', 'seen from near'],
    takes: ['kernelSize', 'sigma'],
    components: (size, { kernelSize, sigma }) => {
      const { far, fine } = blurredTwice(size, kernelSize, sigma);
      return [far, (e) => subtract(fine(e), far(e)), rest(fine)];
    },
    looks: (size, { kernelSize, sigma }) => {
      const { far, fine } = blurredTwice(size, kernelSize, sigma);
      return [far, fine, undefined];
    },
  },
  colour: {
    name: 'colour',
    parts: ['in greyscale', 'in colour'],
    takes: [],
    components: () => [greyscale, colour],
    looks: () => [greyscale, undefined],
  },
  colour_hybrid: {
    name: 'colour_hybrid',
    parts: ['in greyscale from afar', 'in greyscale from near', 'in colour'],
    takes: ['kernelSize', 'sigma'],
    components: (size, { kernelSize, sigma }) => {
      const low = blurred(size, kernelSize, sigma);
      return splitFurther([greyscale, colour], 0, [low, rest(low)]);
    },
    looks: (size, { kernelSize, sigma }) => {
      const low = blurred(size, kernelSize, sigma);
      return [(picture) => low(greyscale(picture)), greyscale, undefined];
    },
  },
  motion: {
    name: 'motion',
    parts: ['moved along its diagonal', 'at rest'],
    takes: ['sigma'],
    components: (size, { sigma }) => {
      const moved = movedBy(size, sigma);
      return [moved, rest(moved)];
    },
    looks: (size, { sigma }) => [movedBy(size, sigma), undefined],
  },
  halves: {
    name: 'halves',
    parts: ['on the left', 'on the right'],
    takes: [],
    components: (size) => spatial(leftHalf(size)),
    looks: (size) => spatial(leftHalf(size)),
  },
  mask: {
    name: 'mask',
    parts: ['where the mask is white', 'where it is black'],
    takes: ['mask'],
    components: (size, { mask = leftHalf(size) }) => spatial(mask),
    looks: (size, { mask = leftHalf(size) }) => spatial(mask),
  },
  shares: {
    name: 'shares',
    parts: ['its share', 'the rest'],
    takes: ['share'],
    components: (_, { share = 0.5 }) => shares(share, 1 - share),
    looks: () => [undefined, undefined],
  },
});

/** The motion blur that suits a σ of 64 pixels, at another size. */
const movedBy = (size: number, sigma: number): Component =>
  motionBlur(2 * Math.round((2 * sigma * size) / 64) + 1);

/** [1, 1, size, size], 1 on the left. */
function leftHalf(size: number): Tensor {
  const left = Float32Array.from({ length: size * size }, (_, i) => (i % size < size / 2 ? 1 : 0));
  return tensor(left, [1, 1, size, size]);
}

/** Name of a factorization. */
export type FactorizationName = keyof typeof factorizations;
/** All of them, for forms and options. */
export const factorizationNames = Object.keys(factorizations) as [FactorizationName, ...FactorizationName[]];
