import { highPass, lowPass } from '../../src/diffusion/components.ts';
import { fromPicture } from '../../src/images/picture.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { chart } from '../chart.ts';
import { make } from '../dom.ts';
import type { Extra, Params } from '../extra.ts';
import { shortly } from '../formula.ts';
import { SEEN } from '../own-picture.ts';
import { paint } from '../paint.ts';
import { pictured } from '../shown.ts';
import { gaussianPower, spectrumOf } from '../spectrum.ts';

const FREQUENCIES = Array.from({ length: 65 }, (_, i) => i / 128);
/** Where the blur's gain is one half: 2·(πσf)² = log 2. */
const halfOf = (sigma: number): number => Math.sqrt(Math.LN2 / 2) / (Math.PI * sigma);

/** A hybrid taken apart again: which frequencies belong to whom, and the picture's share of each. */
export function extra(): Extra {
  const [low, high] = [half('what is there from afar'), half('what is there from near alone')];
  const spectrum = chart({
    label: 'Which frequencies are given to the far prompt and which to the near one',
    x: [0, 0.5],
    y: [0, 1],
    ends: ['coarse', 'fine: 2 pixels'],
  });
  const split = ({ sigma, kernelSize }: Params, image?: Tensor) => {
    const [width, size] = [Number(sigma), Number(kernelSize)];
    const far = FREQUENCIES.map((f) => [f, Math.sqrt(gaussianPower(width, f))] as const);
    spectrum.draw(
      {
        areas: { passed: far },
        lines: {
          picture: far,
          noise: far.map(([f, gain]) => [f, 1 - gain]),
          ...(image && { now: loudness(image) }),
        },
        rule: { x: halfOf(width), said: `${shortly(1 / halfOf(width))} pixels` },
      },
      `Coarser than ${shortly(1 / halfOf(width))} pixels the far prompt has the say (filled), finer the near one (dashed).`,
    );
    if (image?.shape[3] !== SEEN || size % 2 === 0) return;
    paint(low.canvas, lowPass(size, width)(image));
    paint(high.canvas, highPass(size, width)(image));
  };
  let shown: Tensor | undefined;
  return {
    element: make('div', { className: 'split' }, low.element, high.element, spectrum.element),
    values: (params) => split(params, shown),
    step(taken, params) {
      if (taken?.stage !== 'base') return;
      shown = fromPicture(taken.x0);
      split(params, shown);
    },
  };
}

/** How loud each band is, against the loudest: 30 dB from floor to top. */
function loudness(image: Tensor): (readonly [number, number])[] {
  const bands = spectrumOf(image);
  const most = Math.max(...bands.map(({ power }) => power));
  return bands.map(({ frequency, power }) => [frequency, 1 + (10 * Math.log10(power / most)) / 50]);
}

function half(said: string): { element: HTMLElement; canvas: HTMLCanvasElement } {
  const canvas = pictured(said);
  return {
    canvas,
    element: make('figure', { className: 'look' }, canvas, make('figcaption', { textContent: said })),
  };
}
