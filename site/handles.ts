import type { View } from '../src/diffusion/view.ts';
import type { Tensor } from '../src/tensor/tensor.ts';
import { make, named, press } from './dom.ts';
import { held } from './held.ts';
import { paint } from './paint.ts';

interface Handle {
  readonly element: HTMLElement;
  readonly slider: HTMLInputElement;
}

/** A slider under a picture, and what is seen where it stands. */
function handle(
  name: string,
  range: Record<'min' | 'max' | 'step', string>,
  seen: (value: number) => string,
): Handle {
  const slider = named(make('input', { type: 'range', ...range, value: range.min }), name);
  const output = make('output', { textContent: seen(slider.valueAsNumber) });
  slider.oninput = () => {
    output.textContent = seen(slider.valueAsNumber);
  };
  const line = make('span', { className: 'slider' }, make('span', { textContent: name }), slider);
  return { element: make('span', { className: 'level' }, line, output), slider };
}

/** Turning a picture by hand, or where it is no matter of turning, fading to how the view shows it. */
export function turner(
  art: HTMLElement,
  image: Tensor,
  view: View,
  [upright, turned]: readonly [string, string],
): HTMLElement {
  const canvas = art.querySelector('canvas')!;
  const other = make('canvas', { className: 'turned' });
  other.setAttribute('aria-hidden', 'true');
  paint(other, view.apply(image));
  if (!view.css) art.append(other);
  const turn = (share: number) => {
    if (view.css) canvas.style.transform = partly(view.css, share);
    else other.style.opacity = String(share);
    return share < 0.5 ? `as it is: ${upright}` : `${view.gesture}: ${turned}`;
  };
  const { element, slider } = handle('turn', { min: '0', max: '1', step: '0.01' }, turn);
  art.classList.add('turns');
  held(art, ([share]) => {
    slider.value = String(share);
    slider.dispatchEvent(new Event('input'));
  });
  return element;
}

/** A CSS transform on its way: angles so far, mirrors past being edge-on. */
export const partly = (css: string, share: number): string =>
  css
    .replace(/rotate\((-?[\d.]+)deg\)/g, (_, angle) => `rotate(${Number(angle) * share}deg)`)
    .replace(/scale([XY])\(-1\)/g, (_, axis) => `scale${axis}(${Math.cos(Math.PI * share)})`);

/** From where the eye takes a hybrid for what it is from afar. */
const FAR = 5;

/** Walking away: the picture gets smaller, and the eye blurs it. */
export function distance(canvas: HTMLCanvasElement, near: string, far: string): HTMLElement {
  return handle('distance', { min: '1', max: '10', step: '0.1' }, (away) => {
    canvas.style.width = `${100 / away}%`;
    canvas.classList.toggle('away', away > 1);
    return away >= FAR ? `from afar: ${far}` : `from near: ${near}`;
  }).element;
}

/** A picture of many sides, each at a touch. */
export function sideButtons(
  canvas: HTMLCanvasElement,
  image: Tensor,
  sides: readonly { readonly view: View; readonly caption: string }[],
): HTMLElement {
  const buttons = sides.map(({ view, caption }) =>
    press(`${view.gesture}: ${caption}`, () => show(sides.findIndex((side) => side.view === view))),
  );
  const show = (at: number) => {
    paint(canvas, sides[at]!.view.apply(image));
    for (const [i, button] of buttons.entries()) button.setAttribute('aria-pressed', String(i === at));
  };
  show(0);
  return make('span', { className: 'sides' }, ...buttons);
}
