// What a user waits for: program start to the first step's end. Usage: first-step.mjs FOLDER
import { openModel } from '../dist/models/open.js';

const base = await openModel(process.argv[2]);
const size = base.sampleSize;
await base.estimator('a high quality photo')(
  { data: new Float32Array(3 * size * size), shape: [1, 3, size, size] },
  990,
);
await base.close();
