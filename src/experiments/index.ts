import cleanInpainting from './clean-inpainting.ts';
import type { Experiment } from './experiment.ts';
import factorizedImages from './factorized-images.ts';
import forwardProcess from './forward-process.ts';
import gaussianDenoising from './gaussian-denoising.ts';
import guidance from './guidance.ts';
import handDrawn from './hand-drawn.ts';
import hybridImages from './hybrid-images.ts';
import illusion from './illusion.ts';
import imageToImage from './image-to-image.ts';
import inpainting from './inpainting.ts';
import iterativeDenoising from './iterative-denoising.ts';
import oneStepDenoising from './one-step-denoising.ts';
import pinnedImages from './pinned-images.ts';
import pureNoise from './pure-noise.ts';
import sample from './sample.ts';
import sampling from './sampling.ts';
import sdedit from './sdedit.ts';
import search from './search.ts';
import textConditional from './text-conditional.ts';
import visualAnagrams from './visual-anagrams.ts';

/** The thirteen sections of the document, in its order. */
export const experiments: readonly Experiment[] = [
  sampling,
  forwardProcess,
  gaussianDenoising,
  oneStepDenoising,
  iterativeDenoising,
  pureNoise,
  guidance,
  sdedit,
  handDrawn,
  inpainting,
  textConditional,
  visualAnagrams,
  hybridImages,
];

/** What can be run beside them: not part of the page. */
export const tools: readonly Experiment[] = [
  sample,
  imageToImage,
  cleanInpainting,
  illusion,
  search,
  factorizedImages,
  pinnedImages,
];

/** All that have a command word, a form and a route. */
export const everyExperiment: readonly Experiment[] = [...experiments, ...tools];

export { type BranchableRecipe, type Fork, forksOf, type Walked, Walks } from './branch.ts';
export { RecentWalks } from './branching.ts';
export * from './calls.ts';
export * from './experiment.ts';
export * from './field.ts';
export * from './own-pictures.ts';
export * from './pictures.ts';
export * from './recipe.ts';
export * from './runner.ts';
export type { TracePoint } from './trace.ts';
export type { Keeping } from './watched-part.ts';
