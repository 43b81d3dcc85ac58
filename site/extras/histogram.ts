import type { Tensor } from '../../src/tensor/tensor.ts';
import { chart, type Place } from '../chart.ts';
import { make } from '../dom.ts';
import type { Extra } from '../extra.ts';
import { shortly } from '../formula.ts';

const [REACH, BINS] = [3, 48];
/** Of the bell, whose peak is 0.4; a picture's own peaks may be cut off. */
const HIGHEST = 0.8;

/** How often each value occurs in the picture, and in what the noise has made of it: in the end the bell, whatever it was. */
export function extra(): Extra {
  const drawing = chart({
    label: 'How often each value occurs: in the picture, in the noisy picture, and in noise alone',
    x: [-REACH, REACH],
    y: [0, HIGHEST],
    ends: [`value −${REACH}`, `${REACH}`],
  });
  return {
    element: make('div', { className: 'charts' }, drawing.element),
    figures([original, noisy]) {
      if (!original || !noisy) return;
      const { mean, deviation } = momentsOf(noisy.image);
      drawing.draw(
        {
          areas: { picture: densityOf(original.image) },
          lines: { noise: bell, now: densityOf(noisy.image) },
        },
        `The values of x: mean ${shortly(mean).replace('-', '−')}, deviation ${shortly(deviation)}. Filled the picture's, dashed those of noise alone, 0 and 1.`,
      );
    },
  };
}

const centre = (bin: number): number => -REACH + ((bin + 0.5) * 2 * REACH) / BINS;

/** A histogram whose area is 1. */
function densityOf({ data }: Tensor): Place[] {
  const counts = new Float64Array(BINS);
  for (const value of data) {
    const bin = Math.floor(((value + REACH) / (2 * REACH)) * BINS);
    if (bin >= 0 && bin < BINS) counts[bin]! += 1;
  }
  return Array.from(counts, (count, bin) => [centre(bin), (count * BINS) / (data.length * 2 * REACH)]);
}

const bell: Place[] = Array.from({ length: BINS }, (_, bin) => {
  const value = centre(bin);
  return [value, Math.exp(-(value ** 2) / 2) / Math.sqrt(2 * Math.PI)];
});

function momentsOf({ data }: Tensor): { mean: number; deviation: number } {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  return { mean, deviation: Math.sqrt(variance) };
}
