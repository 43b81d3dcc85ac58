import { make, named } from '../dom.ts';
import type { Extra } from '../extra.ts';
import { held } from '../held.ts';
import { SEEN } from '../own-picture.ts';
import { paint } from '../paint.ts';
import { book } from '../running.ts';

/** A handle over the finished picture: left of it lies what it was before. */
export function extra(): Extra {
  return {
    element: make('div', { hidden: true }),
    async dress(shown, params) {
      const reference = [params['picture'] ?? params['pictures']].flat()[0];
      const art = shown.querySelector<HTMLElement>('.art')!;
      const before = make('canvas', { className: 'before-it' });
      before.setAttribute('aria-hidden', 'true');
      const slider = named(
        make('input', { type: 'range', min: '0', max: '100', value: '0' }),
        'how much of the picture before is shown',
      );
      const follow = () => art.style.setProperty('--before', `${slider.value}%`);
      slider.oninput = follow;
      held(art, ([x]) => {
        slider.value = String(Math.round(100 * x));
        follow();
      });
      follow();
      art.classList.add('compared');
      art.append(before);
      const ends = [make('span', { textContent: 'after' }), make('span', { textContent: 'before' })];
      shown
        .querySelector('figcaption')!
        .querySelector('.facts')!
        .before(make('span', { className: 'slider compare' }, ends[0]!, slider, ends[1]!));
      paint(before, await book.picture(String(reference), SEEN));
    },
  };
}
