import { openModel } from '../models/open.ts';
import { TorchGenerator } from '../tensor/random.ts';

/** How long a device is tried, after one step that warms it up. */
const TRIAL_MS = 2000;

/**
 * A process of its own, because a driver may take it down: prints how long a step takes on a device, in seconds. `openModel` has held
 * one of its steps against the processor's before.
 */
const [device, precision, folder] = process.argv.slice(2);
await using model = await openModel(folder!, { device, precision });
const estimate = model.estimator('');
const { sampleSize } = model;
const x = {
  data: new TorchGenerator(180).randn(3 * sampleSize ** 2),
  shape: [1, 3, sampleSize, sampleSize],
};
await estimate(x, 500);
let best = Number.POSITIVE_INFINITY;
const until = performance.now() + TRIAL_MS;
do {
  const began = performance.now();
  await estimate(x, 500);
  best = Math.min(best, performance.now() - began);
} while (performance.now() < until);
console.log(best / 1000);
