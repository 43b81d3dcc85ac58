import { expect, test } from 'vitest';
import { EMBEDDED } from '../models/embedded.ts';
import { openEnvironment } from './campanile.ts';

test.each([
  ['full', / cpu$/],
  ['half', / cpu, half precision$/],
])('the engine of a job that is drawn in %s precision', async (precision, label) => {
  const { engine, models } = await openEnvironment({ checkpoint: EMBEDDED, threads: 1, precision });
  expect(engine).toMatch(label);
  await models.base.close();
});
