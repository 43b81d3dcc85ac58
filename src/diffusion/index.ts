export * from './cascade.ts';
export * from './denoise.ts';
export * from './dpm-solver.ts';
export * from './estimator.ts';
export * from './gaussian.ts';
export { type GuidanceInterval, guidanceInterval } from './guidance-interval.ts';
export * from './heun.ts';
export * from './inpaint.ts';
export * from './itineraries.ts';
export * from './noise.ts';
export {
  type Fitting,
  type PermutationOptions,
  type PixelPlace,
  type PixelSource,
  permutation,
  shuffledBlocks,
  squarePermutation,
} from './permutation.ts';
export * from './process.ts';
export * from './recolouring.ts';
export type * from './sampler.ts';
export * from './samplers.ts';
export * from './schedule.ts';
export * from './threshold.ts';
export * from './unipc.ts';
export * from './view.ts';
export * from './views.ts';
