import { expect, test } from 'vitest';
import { gaussianModel as base } from '../../test/gaussian-model.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { RunEvent } from './experiment.ts';
import { pictureBook } from './pictures.ts';
import pin from './pinned-images.ts';
import { parseParams } from './recipe.ts';

const { picture, mask } = pictureBook();

async function ran(params: object): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  const [part] = pin.parts(pin.params.parse({ steps: 3, hidden: 'a dog', ...params }), { base });
  for await (const event of part!.run({ base, picture, mask })) events.push(event);
  return events;
}

test('a view that shows a pixel twice is refused with the place, or drawn with and said where it is forced', async () => {
  const view = '[1,1,2,3]';
  const failure = /is no orthogonal view: row 0, column 16 shows the pixel of row 0, column 0 again/;
  await expect(ran({ view })).rejects.toThrow(failure);
  await expect(ran({ view })).rejects.toThrow(/^view: /);
  const events = await ran({ view, force: true });
  expect(events[0]).toMatchObject({ type: 'warning', message: expect.stringMatching(failure) });
  expect(events.at(-1)).toMatchObject({ type: 'figure', figure: { id: 'result' } });
  expect(parseParams(pin, {})['force']).toBe(false);
});

test('what is held is that of the picture in stage II, too', async () => {
  const large = { ...base, sampleSize: 32 };
  const upscaler = { ...large, conditioned: () => large.estimator };
  const [part] = pin.parts(pin.params.parse({ steps: 3, factorization: 'colour', judge: false }), {
    base,
    upscaler,
  });
  const pictures = new Map<string, Tensor>();
  for await (const event of part!.run({ base, upscaler, picture, mask }))
    if (event.type === 'figure') pictures.set(event.figure.id, event.figure.image);
  const grey = ({ data }: Tensor) =>
    Array.from({ length: 1024 }, (_, i) => (data[i]! + data[1024 + i]! + data[2048 + i]!) / 3);
  const [held, drawn] = [await picture('campanile', 32), pictures.get('result-ii')!];
  expect(drawn.shape).toEqual([1, 3, 32, 32]);
  expect(Math.max(...grey(held).map((value, i) => Math.abs(value - grey(drawn)[i]!)))).toBeLessThan(1e-5);
  expect(Math.max(...held.data.map((value, i) => Math.abs(value - drawn.data[i]!)))).toBeGreaterThan(0.01);
});
