import { type ViewName, views } from '../src/diffusion/views.ts';
import type { Figure } from '../src/experiments/experiment.ts';
import { toPicture } from '../src/images/picture.ts';
import { encodePng } from '../src/images/png.ts';
import type { Tensor } from '../src/tensor/tensor.ts';
import { rows } from '../src/tensor/tensor.ts';
import { duration } from '../src/words.ts';
import { make } from './dom.ts';

/** Puts [1, 3, H, W] or [1, 1, H, W] in [-1, 1] on a canvas. */
export function paint(canvas: HTMLCanvasElement, image: Tensor): void {
  const { width, height, channels, data } = toPicture(image);
  const pixels = new ImageData(width, height);
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 4; c++)
      pixels.data[4 * i + c] = c === 3 ? 255 : data[i * channels + Math.min(c, channels - 1)]!;
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
}

/** The first picture of a batch. */
export const firstOf = (batch: Tensor): Tensor => rows(batch)[0]!;

/** A finished picture with what is known of it; an anagram turns when it is pressed. */
export function shownFigure({
  image,
  row,
  column,
  caption,
  t,
  seed,
  psnr,
  seconds,
  ...more
}: Figure): HTMLElement {
  const canvas = make('canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', [row, column, caption].filter(Boolean).join(', '));
  paint(canvas, image);
  const facts = [
    t === undefined ? '' : `t = ${t}`,
    seed === undefined ? '' : `seed ${seed}`,
    psnr === undefined ? '' : `${psnr.toFixed(1)} dB`,
    seconds ? duration(seconds) : '',
  ];
  const said = make('span', { className: 'said', textContent: [row, column].filter(Boolean).join(' · ') });
  const under = make('span', { className: 'facts', textContent: facts.filter(Boolean).join(' · ') });
  const save = make('button', {
    type: 'button',
    className: 'save',
    textContent: 'Save PNG',
    onclick: () => download(image, column),
  });
  const art = make('div', { className: 'art' }, canvas);
  const figure = make('figure', { className: 'live-figure' }, art, make('figcaption', {}, said, under, save));
  const view = more.view === undefined ? undefined : views[more.view as ViewName];
  if (view) {
    const turn = make('button', { type: 'button', textContent: `Turn: ${more.turnedCaption ?? ''}` });
    turn.setAttribute('aria-pressed', 'false');
    turn.onclick = () => {
      const turned = turn.getAttribute('aria-pressed') !== 'true';
      turn.setAttribute('aria-pressed', String(turned));
      paint(canvas, turned ? view.apply(image) : image);
    };
    under.before(turn);
  }
  if (more.farCaption !== undefined) {
    const far = make('canvas', { className: 'from-afar', title: `from afar: ${more.farCaption}` });
    paint(far, image);
    art.append(far);
  }
  return figure;
}

function download(image: Tensor, name: string): void {
  const address = URL.createObjectURL(new Blob([encodePng(toPicture(image))], { type: 'image/png' }));
  make('a', { href: address, download: `${name || 'picture'}.png` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
