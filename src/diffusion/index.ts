export * from './balance.ts';
export * from './cascade.ts';
export * from './components.ts';
export * from './denoise.ts';
export * from './dpm-solver.ts';
export * from './estimator.ts';
export * from './gaussian.ts';
export { type GuidanceInterval, guidanceInterval } from './guidance-interval.ts';
export * from './heun.ts';
export * from './inpaint.ts';
export * from './itineraries.ts';
export * from './named-view.ts';
export * from './noise.ts';
export {
  type PermutationOptions,
  type PixelPlace,
  type PixelSource,
  permutation,
  shuffledBlocks,
  squarePermutation,
} from './permutation.ts';
export * from './placed-view.ts';
export { sourcesOf } from './places.ts';
export * from './process.ts';
export * from './recolouring.ts';
export type * from './sampler.ts';
export * from './samplers.ts';
export * from './schedule.ts';
export * from './threshold.ts';
export * from './unipc.ts';
export * from './verdict.ts';
export * from './view.ts';
export * from './view-proof.ts';
export * from './views.ts';
export * from './weighted-views.ts';
