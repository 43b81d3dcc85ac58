import type { Closable } from '../closable.ts';
import type { Prompted } from '../diffusion/cascade.ts';
import type { NoiseEstimator } from '../diffusion/estimator.ts';
import type { AlphaBar, NoiseSource, Timestep } from '../diffusion/process.ts';
import type { Threshold } from '../diffusion/threshold.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { ChosenIllusion } from './chosen.ts';
import type { Judge } from './judge.ts';
import type { Pairs } from './pairs.ts';
import type { Subject } from './subjects.ts';

/** What both stages say about themselves. */
export interface ModelInfo {
  /** Folder or hub name it was opened from, for people. */
  readonly name: string;
  /** sha256 over configs and weights: part of every recipe, so that other weights are another picture. */
  readonly fingerprint: string;
  readonly parameters: number;
  /** Height and width it was trained at. */
  readonly sampleSize: number;
  readonly numTrainTimesteps: number;
  /** What it computes in, 'full' when absent, and where: 'cpu', 'openvino', 'cuda' or 'webgpu'. */
  readonly precision?: 'half' | 'full' | undefined;
  readonly device?: string | undefined;
}

/** Stage I: text → small picture. */
export interface PixelModel extends ModelInfo, Closable {
  /** What it says it has learned to draw; absent where it says nothing. */
  readonly subjects?: readonly Subject[] | undefined;
  /** Who says how readable they are in a picture; absent where the checkpoint comes without one. */
  readonly judge?: Judge | undefined;
  /** Illusions of its own that were chosen among many; absent where it comes with none. */
  readonly chosen?: readonly ChosenIllusion[] | undefined;
  /** Which of its subjects were tried together, with these weights; absent where nobody did. */
  readonly pairs?: Pairs | undefined;
  readonly alphaBar: AlphaBar;
  /** What the checkpoint's scheduler does to x̂₀: IF's dynamic thresholding, as a rule. */
  readonly threshold: Threshold;
  /**
   * ε(x, t | prompt), x being [N, 3, S, S] for any N. The prompt is encoded once, at the first call, and everything that
   * depends on it alone is kept.
   */
  estimator(prompt: string): NoiseEstimator;
  /** Number of tokens of a prompt, the words that fall off after 77, and what to say about them. */
  tokens(prompt: string): { count: number; cut: string; warning?: string | undefined };
}

/** Stage II: small picture and text → large picture. */
export interface Upscaler extends ModelInfo, Closable {
  readonly alphaBar: AlphaBar;
  readonly threshold: Threshold;
  /**
   * Shows the network the small pictures [N, 3, s, s], scaled up and noised once to `noiseLevel`; draws that noise from
   * `noise`, purpose 'condition'.
   */
  conditioned(image: Tensor, noiseLevel: Timestep, noise: NoiseSource): Prompted;
}

/** What a run works with. */
export interface Models {
  readonly base: PixelModel;
  readonly upscaler?: Upscaler | undefined;
}
