import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { everyExperiment } from '../experiments/index.ts';
import { describeApi } from './openapi.ts';

test('openapi.json is what the server says of itself', async () => {
  const committed = JSON.parse(await readFile(new URL('../../openapi.json', import.meta.url), 'utf8'));
  expect(await describeApi(everyExperiment), 'write it anew: npm run openapi').toEqual(committed);
});
