import { bestBlur } from '../../src/experiments/gaussian-denoising.ts';
import { noised } from '../../src/experiments/noised.ts';
import { iStartLevels } from '../../src/experiments/params.ts';
import { psnr } from '../../src/tensor/psnr.ts';
import { map, subtract, type Tensor } from '../../src/tensor/tensor.ts';
import { make } from '../dom.ts';
import type { Extra, ExtraGiven, Params } from '../extra.ts';
import { SEEN } from '../own-picture.ts';
import { paint } from '../paint.ts';
import { book } from '../running.ts';
import { pictured } from '../shown.ts';
import { spectrumOf } from '../spectrum.ts';

/** Beginning of a figure's id → what is said of it. */
const ways: Readonly<Record<string, string>> = {
  denoised: 'one look',
  'one-step': 'one look',
  iterative: 'many small steps',
};

/** The ways to take noise away beside the truth: how close, what is off, and how much of the fine detail there is. */
export const besideTruth =
  (...ids: readonly string[]) =>
  ({ known }: Pick<ExtraGiven, 'known'>): Extra => {
    const truth = column('the truth');
    const blur = column('the best blur');
    const made = ids.map((id) => [id, column(ways[id]!)] as const);
    const all = [truth, blur, ...made.map(([, one]) => one)];
    return {
      element: make('div', { className: 'truth' }, ...all.map(({ element }) => element)),
      async values(params) {
        const { picture, seed, t } = placeOf(params);
        const context = { ...known, picture: book.picture, mask: book.mask };
        const { original, noisy } = await noised(context, picture, t, seed);
        truth.show(original);
        blur.show(bestBlur(noisy, original).image, original);
        for (const [, one] of made) one.element.classList.add('stale');
      },
      async figures(figures, params) {
        const original = await book.picture(placeOf(params).picture, SEEN);
        for (const [id, one] of made) {
          const figure = figures.find((figure) => figure.id.startsWith(id));
          if (figure) one.show(figure.image, original);
        }
      },
    };
  };

function placeOf({ picture, seed, timesteps, iStart }: Params): { picture: string; seed: number; t: number } {
  const t = Array.isArray(timesteps) ? Number(timesteps[0]) : iStartLevels[Number(iStart)]!;
  return { picture: String(picture), seed: Number(seed), t };
}

interface Column {
  readonly element: HTMLElement;
  /** @param original  without one it is the original */
  show(image: Tensor, original?: Tensor): void;
}

function column(said: string): Column {
  const [picture, off] = [pictured(said), pictured(`${said}: what is off`)];
  const words = make('figcaption', {}, make('span', { textContent: said }));
  const facts = make('span', { className: 'facts' });
  words.append(facts);
  const element = make('figure', { className: 'look stale' }, picture, words, off);
  return {
    element,
    show(image, original) {
      element.classList.remove('stale');
      paint(picture, image);
      off.classList.toggle('absent', !original);
      if (!original) {
        facts.textContent = `below the others: what is off, × ${VISIBLY}`;
        return;
      }
      paint(
        off,
        map(subtract(image, original), (value) => value * VISIBLY),
      );
      const share = Math.round((100 * detailOf(image)) / detailOf(original));
      facts.textContent = `${psnr(image, original).toFixed(1)} dB, ${share} % of the fine detail`;
    },
  };
}

/** What is off is shown around grey, so many times stronger. */
const VISIBLY = 2;

/** Power of what is finer than 8 pixels. */
const detailOf = (image: Tensor): number =>
  spectrumOf(image).reduce(
    (sum, { frequency, power }) => (frequency > 1 / 8 ? sum + power * frequency : sum),
    0,
  );
