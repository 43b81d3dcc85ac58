export { gaussianBlur, gaussianKernel } from './blur.ts';
export { psnr } from './psnr.ts';
export { TorchGenerator } from './random.ts';
export { bilinearAligned } from './scaling.ts';
export {
  blend,
  channels,
  findNonFinite,
  full,
  joinChannels,
  map,
  mean,
  repeat,
  row,
  rows,
  sameShape,
  sizeOf,
  stack,
  subtract,
  sum,
  type Tensor,
  tensor,
  weightedSum,
  zeros,
} from './tensor.ts';
