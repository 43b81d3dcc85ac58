/**
 * The library's door. Formulas, samplers and views come from `diffusion`; models are opened from folders in diffusers'
 * layout; pictures go in and out as files.
 */

export type { Closable } from './closable.ts';
export * from './diffusion/illusions.ts';
export * from './diffusion/index.ts';
export * from './errors.ts';
export { type Fit, loadMask, loadPicture, type PictureSource, readPicture } from './images/load.ts';
export { fromPicture, type Picture, toPicture } from './images/picture.ts';
export { encodePng, readRecipe } from './images/png.ts';
export { type FilterName, pipelineResize, resize } from './images/resize.ts';
export { savePicture } from './images/save.ts';
export { contactSheet, type SheetOptions } from './images/sheet.ts';
export { type Timing, type Turning, turningWebp } from './images/turning.ts';
export type { ChosenIllusion } from './models/chosen.ts';
export { EMBEDDED, EMBEDDED_II, type ModelOptions, type OpenModels, openModels } from './models/embedded.ts';
export type { Judge } from './models/judge.ts';
export type { ModelInfo, Models, PixelModel, Upscaler } from './models/model.ts';
export { type OpenOptions, openModel, openUpscaler } from './models/open.ts';
export type { Pair, Pairs } from './models/pairs.ts';
export type { Subject } from './models/subjects.ts';
export type { MemoryUse } from './platform/engine.ts';
export { keptInMemory } from './platform/memory.ts';
/** Arithmetic of arrays of numbers, which the formulas are made of. */
export * as tensors from './tensor/index.ts';
export { psnr, type Tensor, TorchGenerator, tensor } from './tensor/index.ts';
export { cleanCaption } from './text/clean-caption.ts';
