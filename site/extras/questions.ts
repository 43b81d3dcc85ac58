import { judged, judgeFor, scrutinies } from '../../src/experiments/judge.ts';
import type { Picture } from '../../src/images/picture.ts';
import { psnr } from '../../src/tensor/psnr.ts';
import { models } from '../models.ts';
import { pullsOf, pushedBy } from '../taken.ts';
import type { SeenAs } from './evidence.ts';
import { type Question, question } from './question.ts';

const strongest = (values: readonly number[]): number => values.indexOf(Math.max(...values));

const closest: Question = {
  asked: 'which will come closest to the truth, in decibels?',
  choices: () => ['the best blur', 'one look', 'many small steps'],
  async answer({ figures }) {
    const found = ['blurred', 'one-step', 'iterative'].map(
      (id) => figures.find((figure) => figure.id === id)?.psnr ?? Number.NaN,
    );
    return {
      index: strongest(found),
      by: `In this order ${found.map((db) => db.toFixed(1)).join(', ')} dB.`,
    };
  },
};

/** Less than so much is no difference. */
const NOTICED = 0.05;

const colours: Question = {
  asked: 'pushed by γ, how will the colours be, against γ = 1?',
  choices: () => ['stronger', 'much the same', 'paler'],
  async answer({ steps, params }) {
    const taken = steps.get(steps.size >> 1);
    const [pull] = taken ? pullsOf(taken) : [];
    if (!taken || !pull?.without) return undefined;
    const [pushed, plain] = [Number(params['guidanceScale']), 1].map((gamma) =>
      colourOf(pushedBy(gamma, pull, taken)),
    ) as [number, number];
    const ratio = pushed / plain;
    const index = ratio > 1 + NOTICED ? 0 : ratio < 1 - NOTICED ? 2 : 1;
    return { index, by: `Half way, what the model sees is ${ratio.toFixed(2)} times as colourful.` };
  },
};

/** Mean distance between the strongest and the weakest of red, green and blue. */
function colourOf({ data, channels }: Picture): number {
  let total = 0;
  for (let i = 0; i < data.length; i += channels)
    total += Math.max(...data.subarray(i, i + 3)) - Math.min(...data.subarray(i, i + 3));
  return total;
}

const [SAME, OTHER] = [22, 14];

const change: Question = {
  asked: 'how far from the picture will this i_start lead?',
  choices: () => [`hardly: over ${SAME} dB`, 'other details', `another picture: under ${OTHER} dB`],
  async answer({ figures }) {
    const original = figures.find(({ seed }) => seed === undefined);
    const edited = figures.find(({ seed }) => seed !== undefined);
    if (!original || !edited) return undefined;
    const closeness = psnr(edited.image, original.image);
    const index = closeness > SAME ? 0 : closeness < OTHER ? 2 : 1;
    return { index, by: `It came to ${closeness.toFixed(1)} dB.` };
  },
};

const clearer = (sidesOf: (params: Readonly<Record<string, unknown>>) => readonly SeenAs[]): Question => ({
  asked: 'which side will be the easier one to read?',
  choices: (params) => sidesOf(params).map(({ prompt }) => prompt),
  async answer({ figures, params }) {
    const { base } = await models();
    const sides = sidesOf(params);
    const drawn = figures.find(({ image }) => image.shape[3] === base.sampleSize);
    const known = judgeFor(
      base,
      sides.map(({ prompt }) => prompt),
    );
    if (!drawn || !known) return undefined;
    const seen = sides.map(({ prompt, view }) => ({ prompt, seen: view.apply }));
    const gains = (await judged(base, drawn.image, seen, scrutinies.sides)).sides.map(({ gain }) => gain);
    return {
      index: strongest(gains),
      by: `The judge gives ${gains.map((gain) => gain.toFixed(2)).join(' to ')}.`,
    };
  },
});

export const closestQuestion = question(closest);
export const coloursQuestion = question(colours);
export const changeQuestion = question(change);
export const clearerQuestion = (sidesOf: Parameters<typeof clearer>[0]) => question(clearer(sidesOf));
