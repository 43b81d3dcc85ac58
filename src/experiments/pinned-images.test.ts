import { expect, test } from 'vitest';
import { gaussianModel as base } from '../../test/gaussian-model.ts';
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
