import { expect, test } from 'vitest';
import { everyExperiment } from '../../experiments/index.ts';
import { translated } from './borrowed.ts';

test('what serves other programs is asked with its own values, unless they say others', () => {
  const [inpainting] = everyExperiment.filter(({ serves }) => serves === 'inpainting');
  const picture = `object:${'0'.repeat(64)}`;
  const wishes = { prompt: 'a dog', picture, mask: picture };
  expect(translated(inpainting!, wishes)).toEqual({
    params: { ...wishes, putBack: 'noised', resamplings: 4, steps: 20 },
    warnings: [],
  });
  expect(translated(inpainting!, { ...wishes, steps: 30 }).params).toMatchObject({
    steps: 30,
    resamplings: 4,
  });
});

test.each(everyExperiment.filter(({ servedWith }) => servedWith))(
  '$id has the values it serves with',
  (one) => {
    expect(one.params.parse(one.servedWith)).toMatchObject(one.servedWith!);
  },
);
