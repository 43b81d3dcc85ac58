import { checkNumber, checkTensor } from './check.ts';
import { checkAlike, type Tensor } from './tensor.ts';

/**
 * 10·log₁₀(peak² / mean squared difference), in decibels; values in [-1, 1] have the peak 2. Infinite for equal tensors.
 *
 * @throws {ShapeError} when they differ in shape
 */
export function psnr(a: Tensor, b: Tensor, peak = 2): number {
  checkTensor('picture', a);
  checkTensor('picture', b);
  checkAlike('picture', b, a);
  checkNumber('peak', peak, { min: 0 });
  let total = 0;
  for (let i = 0; i < a.data.length; i++) total += (a.data[i]! - b.data[i]!) ** 2;
  return 10 * Math.log10((peak ** 2 * a.data.length) / total);
}
