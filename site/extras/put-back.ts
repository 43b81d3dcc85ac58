import { fromPicture } from '../../src/images/picture.ts';
import { blend, full } from '../../src/tensor/tensor.ts';
import { make } from '../dom.ts';
import type { Extra } from '../extra.ts';
import { paint } from '../paint.ts';
import { book } from '../running.ts';
import { pictured } from '../shown.ts';

/** Each step of inpainting: what the model sees everywhere, what of it may stay, and the rest that was put back. */
export function extra(): Extra {
  const parts = [
    part('what the model sees, everywhere'),
    part('of x, what may change'),
    part('of x, what was put back'),
  ] as const;
  const [sees, its, back] = parts;
  return {
    element: make('div', { className: 'looks put-back' }, ...parts.map(({ element }) => element)),
    async step(taken, { pictures, masks }) {
      if (!taken) return;
      const [picture, mask] = [pictures, masks].map((list) => String([list].flat()[0])) as [string, string];
      const x = fromPicture(taken.x);
      const m = await book.mask(mask, taken.x.height, picture);
      const grey = full(x.shape, 0);
      paint(sees.canvas, taken.x0);
      paint(its.canvas, blend(m, x, grey));
      // What stage I begins with is noise everywhere.
      const first = taken.stage === 'base' && taken.index === 0;
      paint(back.canvas, first ? grey : blend(m, grey, x));
      back.said.textContent = first
        ? 'at the first step nothing is put back'
        : `of x, what was put back, noised to t = ${taken.t}`;
    },
  };
}

function part(text: string) {
  const canvas = pictured(text);
  const said = make('figcaption', { textContent: text });
  return { canvas, said, element: make('figure', { className: 'look' }, canvas, said) };
}
