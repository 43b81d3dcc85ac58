import type { Timestep } from '../diffusion/process.ts';
import { diffusionClassifier, LEVELS, type Side, type Verdict, verdict } from '../diffusion/verdict.ts';
import type { PixelModel } from '../models/model.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { NOTHING } from './params.ts';
import { knownSubjects } from './subjects.ts';
import { noiseOf } from './walk.ts';

/** The seed of the noise that pictures are judged under: one for all, so that verdicts can be compared. */
const JUDGES_SEED = 7;

/** How closely a picture is looked at. */
export interface Scrutiny {
  readonly levels: readonly Timestep[];
  /** Prompts for what else it might show. */
  readonly subjects: readonly string[];
}

/** One look at one level, from which the hopeless are known; the sides alone; the sides among all subjects. */
export const scrutinies = {
  glance: { levels: [500], subjects: [] },
  sides: { levels: LEVELS, subjects: [] },
  subjects: { levels: [350], subjects: knownSubjects },
} satisfies Record<string, Scrutiny>;

/** Calls of the network that a verdict takes. */
export const callsOfJudging = (sides: number, { levels, subjects }: Scrutiny): number =>
  sides * levels.length * (1 + sides + subjects.length);

/** The model's verdict about a picture of its own. */
export function judged(
  base: PixelModel,
  picture: Tensor,
  sides: readonly Side[],
  { levels, subjects }: Scrutiny,
): Promise<Verdict> {
  const looking = { alphaBar: base.alphaBar, noise: noiseOf(base, JUDGES_SEED), levels };
  return verdict(picture, sides, diffusionClassifier(base.estimator, NOTHING, looking), { subjects });
}
