import * as z from 'zod';
import type { Timestep } from '../diffusion/process.ts';
import { diffusionClassifier, LEVELS, type Side, verdict } from '../diffusion/verdict.ts';
import type { Judge } from '../models/judge.ts';
import type { PixelModel } from '../models/model.ts';
import { bilinearAligned } from '../tensor/scaling.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Figure, figure, type Part } from './experiment.ts';
import { NOTHING } from './params.ts';
import { noiseOf } from './walk.ts';

export const judgeParam = z.boolean().default(true).describe('judge what was drawn');

/** The seed of the noise that a model judges its own pictures under: one for all, so that verdicts can be compared. */
const JUDGES_SEED = 7;

/** How closely a picture is looked at. */
export interface Scrutiny {
  /** Where the model itself is asked. */
  readonly levels: readonly Timestep[];
  /** Whether to say what else it might show, of all that the checkpoint knows. */
  readonly subjects: boolean;
  /** Whether a judge steps nearer: what it says then agrees better with eyes (docs/illusions.md). */
  readonly nearer: boolean;
}

/** One look, from which the hopeless are known; the sides alone; the sides among all subjects. */
export const scrutinies = {
  glance: { levels: [500], subjects: false, nearer: false },
  sides: { levels: LEVELS, subjects: false, nearer: true },
  subjects: { levels: [350], subjects: true, nearer: true },
} satisfies Record<string, Scrutiny>;

/** How a judge's shares are told apart: one that is larger by τ is e : 1. */
export const JUDGES_TEMPERATURE = 0.25;

/** The checkpoint's judge, where it knows what all sides should show. */
export const judgeFor = ({ judge }: PixelModel, prompts: readonly string[]): Judge | undefined =>
  judge && prompts.every((prompt) => judge.subjectOf(prompt) !== undefined) ? judge : undefined;

/** What the choice of a picture depends on beside the model: the judge, where one looks. */
export const judgedBy = (base: PixelModel, prompts: readonly string[]): { readonly judge?: string } => {
  const judge = judgeFor(base, prompts);
  return judge ? { judge: judge.fingerprint } : {};
};

/** Calls of the network that a verdict takes; none where a judge looks. */
export function callsOfJudging(
  base: PixelModel,
  prompts: readonly string[],
  { levels, subjects }: Scrutiny,
): number {
  if (judgeFor(base, prompts)) return 0;
  return prompts.length * levels.length * (1 + prompts.length + (subjects ? elsewhere(base).length : 0));
}

const elsewhere = ({ subjects = [] }: PixelModel): string[] => subjects.map(({ prompt }) => prompt);

/** The verdict of the checkpoint's judge about a picture, or, of subjects that it does not know, that of the model itself. */
export async function judged(
  base: PixelModel,
  picture: Tensor,
  sides: readonly Side[],
  { levels, subjects, nearer }: Scrutiny,
): Promise<NonNullable<Figure['verdict']>> {
  const prompts = sides.map(({ prompt }) => prompt);
  const judge = judgeFor(base, prompts);
  const others = subjects ? elsewhere(base) : [];
  if (!judge) {
    const looking = { alphaBar: base.alphaBar, noise: noiseOf(base, JUDGES_SEED), levels };
    return verdict(picture, sides, diffusionClassifier(base.estimator, NOTHING, looking), {
      subjects: others,
    });
  }
  const asked = new Set(prompts.map((prompt) => judge.subjectOf(prompt)));
  const rest = others.filter((prompt) => {
    const subject = judge.subjectOf(prompt);
    return subject !== undefined && !asked.has(subject);
  });
  const options = { temperature: JUDGES_TEMPERATURE, subjects: rest };
  const looks = nearer
    ? sides.map(({ prompt, seen }) => ({ prompt, seen: (x: Tensor) => stepNearer(seen(x)) }))
    : sides;
  return { ...(await verdict(picture, looks, judge.classify, options)), by: 'judge' };
}

/** A part whose sides are judged as soon as stage I has drawn them. */
export function judgedPart(part: Part, base: PixelModel, sides: readonly Side[]): Part {
  const prompts = sides.map(({ prompt }) => prompt);
  return {
    ...part,
    calls: { ...part.calls, base: part.calls.base + callsOfJudging(base, prompts, scrutinies.subjects) },
    async *run(context) {
      for await (const event of part.run(context)) {
        const drawn = event.type === 'figure' && event.figure.sides ? event.figure : undefined;
        if (drawn?.image.shape[2] !== base.sampleSize) yield event;
        else yield figure({ ...drawn, verdict: await judged(base, drawn.image, sides, scrutinies.subjects) });
      }
    },
  };
}

/** What is left at the edges, of sixteen: the rest is as large as the whole was. */
const EDGE = 16;

/** The middle seven eighths of a picture [1, C, H, W], as large as the whole. */
function stepNearer({ data, shape }: Tensor): Tensor {
  const [n, c, h, w] = shape as [number, number, number, number];
  const [top, left] = [Math.floor(h / EDGE), Math.floor(w / EDGE)];
  const [height, width] = [h - 2 * top, w - 2 * left];
  const middle = Float32Array.from({ length: n * c * height * width }, (_, i) => {
    const [plane, y, x] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    return data[(plane * h + y + top) * w + x + left]!;
  });
  return bilinearAligned({ data: middle, shape: [n, c, height, width] }, h, w);
}
