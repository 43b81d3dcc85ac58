import { snr } from '../../src/diffusion/process.ts';
import { blursOf, closest } from '../../src/experiments/gaussian-denoising.ts';
import { chart } from '../chart.ts';
import { make } from '../dom.ts';
import type { Extra, ExtraGiven } from '../extra.ts';
import { shortly } from '../formula.ts';
import { SEEN } from '../own-picture.ts';
import { book } from '../running.ts';
import { type Band, gaussianPower, spectrumOf } from '../spectrum.ts';

/** Which blur comes closest, and why none comes close: where noise begins to be stronger than the picture. */
export function extra({ known: { base }, set }: ExtraGiven): Extra {
  const closeness = chart({
    label: 'How close each blur comes to the picture',
    x: [0, 6],
    y: [4, 30],
    ends: ['σ = 0', 'σ = 6'],
    chosen: (sigma) => set('sigma', Math.max(0.1, Math.round(sigma * 10) / 10)),
  });
  const spectra = chart({
    label: 'Power of picture and noise at each frequency, and what the blur lets through',
    x: [0, 0.5],
    y: [-45, 15],
    ends: ['coarse', 'fine: 2 pixels'],
  });
  /** Dragging σ changes neither. */
  let known: { of: string; tried: ReturnType<typeof blursOf>; bands: Band[] } | undefined;
  return {
    element: make('div', { className: 'charts' }, closeness.element, spectra.element),
    async figures([noisy, blurred], { picture, sigma }) {
      if (!noisy || !blurred) return;
      const original = await book.picture(String(picture), SEEN);
      const of = [picture, noisy.t, noisy.seed].join();
      if (known?.of !== of)
        known = { of, tried: blursOf(noisy.image, original), bands: spectrumOf(original) };
      const { tried, bands } = known;
      const best = closest(tried);
      const chosen = Number(sigma) || best.sigma;
      closeness.draw(
        {
          lines: { now: [[0, noisy.psnr!], ...tried.map(({ sigma, psnr }) => [sigma, psnr] as const)] },
          points: { best: [best.sigma, best.psnr], here: [chosen, blurred.psnr!] },
          rule: { x: best.sigma, said: `best: ${best.psnr.toFixed(1)} dB` },
        },
        `σ = ${shortly(chosen)}: ${blurred.psnr!.toFixed(1)} dB, without a blur ${noisy.psnr!.toFixed(1)} dB. Drag along the curve.`,
      );
      const alphaBar = base.alphaBar(noisy.t!);
      const crossing = crossingOf(bands, snr(alphaBar));
      spectra.draw(
        {
          areas: { passed: bands.map(({ frequency: f }) => [f, -45 + 60 * gaussianPower(chosen, f)]) },
          lines: {
            picture: bands.map(({ frequency, power }) => [frequency, decibels(alphaBar * power)]),
            noise: bands.map(({ frequency }) => [frequency, decibels(1 - alphaBar)]),
          },
          rule: crossing === undefined ? undefined : { x: crossing, said: 'they cross' },
        },
        crossing
          ? `Finer than ${shortly(1 / crossing)} pixels the noise (dashed) is stronger than the picture. The blur (filled: what it lets through) knows frequencies alone: it cuts off both there, and leaves both before.`
          : 'At this level the noise (dashed) is nowhere stronger than the picture, or everywhere: no frequency parts them.',
      );
    },
  };
}

const decibels = (power: number): number => 10 * Math.log10(power);

/** The frequency from which on the picture, so much stronger on the whole, is weaker than the noise. */
function crossingOf(bands: readonly Band[], ratio: number): number | undefined {
  const first = bands.findIndex(({ power }) => power * ratio < 1);
  return first > 0 ? bands[first]!.frequency : undefined;
}
