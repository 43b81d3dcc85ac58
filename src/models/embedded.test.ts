import { expect, test } from 'vitest';
import { zeros } from '../tensor/tensor.ts';
import { openModels } from './embedded.ts';

test('what was opened is closed at the end of an `await using`', async () => {
  const models = await openModels();
  const estimator = models.base.estimator('a dog');
  await models[Symbol.asyncDispose]();
  await expect(estimator(zeros([1, 3, 64, 64]), 500)).rejects.toMatchObject({ code: 'engine-closed' });
});
