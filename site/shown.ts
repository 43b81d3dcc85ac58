import { type ViewName, views } from '../src/diffusion/views.ts';
import type { Figure } from '../src/experiments/experiment.ts';
import { type Picture, toPicture } from '../src/images/picture.ts';
import { encodePng } from '../src/images/png.ts';
import type { Tensor } from '../src/tensor/tensor.ts';
import { duration } from '../src/words.ts';
import { make, named, press } from './dom.ts';

/** Puts a picture, or [1, 3, H, W] or [1, 1, H, W] in [-1, 1], on a canvas. */
export function paint(canvas: HTMLCanvasElement, image: Tensor | Picture): void {
  const { width, height, channels, data } = 'shape' in image ? toPicture(image) : image;
  const pixels = new ImageData(width, height);
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 4; c++)
      pixels.data[4 * i + c] = c === 3 ? 255 : data[i * channels + Math.min(c, channels - 1)]!;
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
}

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
  const view = figure.view === undefined ? undefined : views[figure.view as ViewName];
  if (view) under.append(turner(canvas, image, view, turnedCaption ?? ''));
  else if (farCaption !== undefined) under.append(distance(canvas, caption ?? '', farCaption));
  else if (caption) under.append(make('span', { textContent: caption }));
  const facts = make('span', { className: 'facts', textContent: factsOf(figure) });
  under.append(
    facts,
    press('Save PNG', () => download(image, column), { className: 'save' }),
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

function turner(
  canvas: HTMLCanvasElement,
  image: Tensor,
  view: (typeof views)[ViewName],
  turnedCaption: string,
): HTMLElement {
  const button = press(`${view.gesture}: ${turnedCaption}`, () => {
    const turned = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(turned));
    paint(canvas, turned ? view.apply(image) : image);
  });
  button.setAttribute('aria-pressed', 'false');
  return button;
}

/** From where the eye takes a hybrid for what it is from afar. */
const FAR = 5;

/** Walking away: the picture gets smaller, and the eye blurs it. */
function distance(canvas: HTMLCanvasElement, near: string, far: string): HTMLElement {
  const output = make('output', { textContent: `from near: ${near}` });
  const slider = named(
    make('input', { type: 'range', min: '1', max: '10', step: '0.1', value: '1' }),
    'distance',
  );
  slider.oninput = () => {
    const away = slider.valueAsNumber;
    canvas.style.width = `${100 / away}%`;
    canvas.classList.toggle('away', away > 1);
    output.textContent = away >= FAR ? `from afar: ${far}` : `from near: ${near}`;
  };
  return make(
    'span',
    { className: 'level' },
    make('span', { className: 'slider' }, make('span', { textContent: 'distance' }), slider),
    output,
  );
}

function download(image: Tensor, name: string): void {
  const address = URL.createObjectURL(new Blob([encodePng(toPicture(image))], { type: 'image/png' }));
  make('a', { href: address, download: `${name || 'picture'}.png` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
