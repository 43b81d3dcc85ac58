import { checkTensor } from './check.ts';
import { sameShape, type Tensor } from './tensor.ts';

/** max |found − expected|; infinite when shapes differ or a value is not a number. */
export function absoluteError(found: Tensor, expected: Tensor): number {
  checkTensor('found', found);
  checkTensor('expected', expected);
  if (!sameShape(found.shape, expected.shape)) return Infinity;
  let worst = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const difference = Math.abs(found.data[i]! - expected.data[i]!);
    if (Number.isNaN(difference)) return Infinity;
    worst = Math.max(worst, difference);
  }
  return worst;
}

/** max |found − expected| / max |expected|. */
export function relativeError(found: Tensor, expected: Tensor): number {
  checkTensor('expected', expected);
  const largest = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return absoluteError(found, expected) / (largest || 1);
}
