import { viewNamed } from '../src/diffusion/named-view.ts';
import type { Figure } from '../src/experiments/experiment.ts';
import type { Picture } from '../src/images/picture.ts';
import type { Tensor } from '../src/tensor/tensor.ts';
import { duration } from '../src/words.ts';
import { make, named, press } from './dom.ts';
import { fileOf } from './file.ts';
import { distance, sideButtons, turner } from './handles.ts';
import { paint } from './paint.ts';

/** A canvas with a picture's name. */
export function pictured(label: string, image?: Tensor | Picture): HTMLCanvasElement {
  const canvas = named(make('canvas', { width: 64, height: 64 }), label);
  canvas.setAttribute('role', 'img');
  if (image) paint(canvas, image);
  return canvas;
}

/** A small picture with words under it. */
export function thumb(said: string, picture?: Tensor | Picture): HTMLElement {
  const caption = make('figcaption', { textContent: said });
  return make('figure', { className: 'look' }, pictured(said, picture), caption);
}

/** A finished picture with what is known of it; an anagram turns when it is pressed, a hybrid goes away. */
export function shownFigure(figure: Figure): HTMLElement {
  const { image, row, column, caption, turnedCaption, farCaption } = figure;
  const canvas = pictured([row, column, caption].filter(Boolean).join(', '), image);
  const art = make('div', { className: 'art' }, canvas);
  const said = make('span', { className: 'said', textContent: [row, column].filter(Boolean).join(' · ') });
  const under = make('figcaption', {}, said);
  const { view, sides = [] } = figure;
  if (sides.length > 2)
    under.append(
      sideButtons(
        canvas,
        image,
        sides.map((side) => ({ ...side, view: viewNamed(side.view) })),
      ),
    );
  else if (view !== undefined)
    under.append(turner(art, image, viewNamed(view), [caption ?? '', turnedCaption ?? '']));
  else if (farCaption !== undefined) under.append(distance(canvas, caption ?? '', farCaption));
  else if (caption) under.append(make('span', { textContent: caption }));
  const facts = make('span', { className: 'facts', textContent: factsOf(figure) });
  under.append(
    facts,
    press('Save PNG', () => download(figure), { className: 'save' }),
  );
  return make('figure', { className: 'live-figure' }, art, under);
}

const factsOf = ({ t, seed, psnr, seconds }: Figure): string =>
  [
    t === undefined ? '' : `t = ${t}`,
    seed === undefined ? '' : `seed ${seed}`,
    psnr === undefined ? '' : `${psnr.toFixed(1)} dB`,
    seconds ? duration(seconds) : '',
  ]
    .filter(Boolean)
    .join(' · ');

function download(figure: Figure): void {
  const address = URL.createObjectURL(new Blob([fileOf(figure)], { type: 'image/png' }));
  make('a', { href: address, download: `${figure.column || 'picture'}.png` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
