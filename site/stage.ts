import type { Picture } from '../src/images/picture.ts';
import type { Tensor } from '../src/tensor/tensor.ts';
import { make } from './dom.ts';
import { paint } from './paint.ts';
import { pictured } from './shown.ts';

/**
 * Two pictures beside each other: what goes in, x_t, and what comes out, x̂₀ on the way and then the picture. Their places are
 * there before they are, so that nothing moves.
 */
export interface Stage {
  readonly element: HTMLElement;
  /** What a run would begin with; what came out of an earlier one is then that of other values. */
  preview(image: Tensor | Picture | undefined, said: string): void;
  step(x: Picture, x0: Picture, t: number): void;
  /** The finished picture, with its own controls. */
  finish(figure: HTMLElement): void;
  /** The picture again, after a step was looked at. */
  finished(): void;
  /** Where nothing has come out yet: what is being waited for. */
  waits(text: string): void;
  /** The finished picture that is known. */
  readonly last: HTMLElement | undefined;
}

const EMPTY = 'Run shows here what the model makes of it.';

export function stage(): Stage {
  const [into, out] = [pictured('what goes in'), pictured('what comes out')];
  const [intoSaid, outSaid] = [make('figcaption'), make('figcaption')];
  const place = make('div', { className: 'out' });
  const shown = make('figure', { className: 'live-figure' }, make('div', { className: 'art' }, out), outSaid);
  const empty = make('p', { className: 'empty', textContent: EMPTY });
  let last: HTMLElement | undefined;
  let first: readonly [Tensor | Picture, string] | undefined;
  place.append(empty);

  const input = (image: Tensor | Picture, said: string) => {
    paint(into, image);
    intoSaid.textContent = said;
  };
  const going = make(
    'figure',
    { className: 'live-figure' },
    make('div', { className: 'art' }, into),
    intoSaid,
  );
  going.dataset['of'] = 't'; // it is x_t
  return {
    element: make('div', { className: 'pair' }, going, place),
    preview(image, said) {
      if (image) {
        first = [image, said];
        input(image, said);
      }
      place.classList.toggle('stale', !place.contains(empty));
    },
    step(x, x0, t) {
      input(x, `x at level t = ${t}`);
      paint(out, x0);
      outSaid.textContent = 'what the model sees in it, x̂₀';
      place.classList.remove('stale');
      if (place.firstChild !== shown) place.replaceChildren(shown);
    },
    finish(figure) {
      last = figure;
      place.classList.remove('stale');
      this.finished();
    },
    finished() {
      if (!last) return;
      place.replaceChildren(last);
      if (first) input(...first);
    },
    waits(text) {
      empty.textContent = text || EMPTY;
    },
    get last() {
      return last;
    },
  };
}
