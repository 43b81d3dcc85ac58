import type { Tensor } from '../src/tensor/tensor.ts';
import { make, named, press } from './dom.ts';
import { held } from './held.ts';
import { inks } from './inks.ts';
import { carried, SEEN } from './own-picture.ts';
import { paint } from './paint.ts';

export interface Board {
  readonly element: HTMLElement;
  /** What lies under a mask. */
  under(picture: Tensor): void;
}

/**
 * A board to draw on by mouse, finger or pen, as large as what the network sees: a drawing in colours or, over a picture, a
 * mask of what may change.
 *
 * @param drawn  is told what stands on it, as an address that carries it; nothing where it is empty
 */
export function board(kind: 'drawing' | 'mask', drawn: (address: string | undefined) => void): Board {
  const canvas = make('canvas', { className: 'board', width: SEEN, height: SEEN });
  const below = make('canvas', { width: SEEN, height: SEEN });
  const isMask = kind === 'mask';
  named(canvas, isMask ? 'Mask: paint what may change' : 'Drawing board').setAttribute('role', 'img');
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  let colour: string = isMask ? '#ffffff' : inks.black;
  const brush = named(
    make('input', { type: 'range', min: '1', max: '24', value: isMask ? '12' : '3' }),
    'brush',
  );

  const clear = () => {
    context.clearRect(0, 0, SEEN, SEEN);
    if (isMask) return;
    context.fillStyle = inks.white;
    context.fillRect(0, 0, SEEN, SEEN);
  };
  clear();
  const clearAll = () => {
    clear();
    drawn(undefined);
  };
  let from: [x: number, y: number] = [0, 0];
  held(canvas, ([x, y], pressed) => {
    const to: typeof from = [x * SEEN, y * SEEN];
    if (pressed) from = to;
    Object.assign(context, { strokeStyle: colour, lineWidth: brush.valueAsNumber, lineCap: 'round' });
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
    from = to;
    const data = readBoard(context, isMask);
    // A mask where nothing may change is none.
    const empty = isMask && data.every((value) => value <= 127);
    drawn(empty ? undefined : carried({ width: SEEN, height: SEEN, channels: isMask ? 1 : 3, data }));
  });
  const swatches = Object.entries(inks).map(([name, value]) => {
    const input = named(make('input', { type: 'radio', name: 'colour', checked: value === colour }), name);
    input.onchange = () => {
      colour = value;
    };
    const swatch = make('label', { className: 'swatch' }, input);
    swatch.style.setProperty('--swatch', value);
    return swatch;
  });
  const colours = named(make('div', { className: 'swatches' }, ...swatches), 'colour');
  colours.setAttribute('role', 'radiogroup');
  const size = make('label', { className: 'slider' }, make('span', { textContent: 'brush' }), brush);
  return {
    element: make(
      'div',
      { className: 'drawing' },
      make('div', { className: 'layers' }, below, canvas),
      make('div', { className: 'board-tools' }, ...(isMask ? [] : [colours]), size, press('Clear', clearAll)),
    ),
    under: (picture) => paint(below, picture),
  };
}

/** RGB of a drawing, or how opaque a mask is. */
function readBoard(context: CanvasRenderingContext2D, isMask: boolean): Uint8Array {
  const { data } = context.getImageData(0, 0, SEEN, SEEN);
  return Uint8Array.from(isMask ? data.filter((_, i) => i % 4 === 3) : data.filter((_, i) => i % 4 !== 3));
}
