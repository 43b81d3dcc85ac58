import * as z from 'zod';
import { type FactorizationName, factorizationNames, HYBRID_BLUR } from '../diffusion/components.ts';
import { uselessWith } from './field.ts';
import { promptText } from './params.ts';
import { guidanceOf, nearOf, type Sided, sidesOf } from './sides.ts';
import { shareParam, splitParams, splitting } from './splitting.ts';

const MOST = 8;
/** Parts of a side beside its first: of three, two. */
const MOST_BESIDE = 2;

/** Prompts of an anagram, the upright one first. */
export const sidePrompts = (...values: string[]) =>
  z
    .array(promptText.meta({ kind: 'prompt' }))
    .min(1)
    .max(MOST)
    .default(values)
    .meta({
      kind: 'prompt',
      together: true,
      cli: 'prompt',
      description: 'what each side shows, upright first; 2 to 8, or 1 that shows something else from near',
    });

export const nearPrompts = z
  .array(promptText.meta({ kind: 'prompt' }))
  .max(MOST * MOST_BESIDE)
  .default([])
  .meta({
    kind: 'prompt',
    together: true,
    cli: 'near',
    description:
      'what the sides show from near, so that their prompts are seen from afar: one for each, empty for a side that is no hybrid; of another factorization what its other parts show, two for each where it has three',
  });

/** With these values no side shows anything else, and nothing is taken apart. */
const UNSPLIT = { near: [[]] };

const { factorization, sigma, mask } = splitParams(
  factorizationNames,
  'hybrid',
  'how a side that shows something else, too, is taken apart',
);

const sigmaOfSides = z.number().min(0.5).max(4);
const sigmaSaid = {
  ...uselessWith(sigma, UNSPLIT).meta(),
  description:
    'σ of the blur in pixels at 64, where a side shows something else from near: larger leaves more to what is near',
};

/** How sides are taken apart that show something else, too. */
export const splitOfSides = {
  factorization: uselessWith(factorization, UNSPLIT),
  sigma: sigmaOfSides.default(HYBRID_BLUR.sigma).meta(sigmaSaid),
  mask: uselessWith(mask, UNSPLIT),
  share: uselessWith(shareParam(factorizationNames), UNSPLIT),
};

/** Several σ that take turns. */
export const sigmasOfSides = z
  .array(sigmaOfSides)
  .min(1)
  .max(12)
  .default([HYBRID_BLUR.sigma])
  .meta({ ...sigmaSaid, description: `${sigmaSaid.description}; several take turns` });

type Asked = Readonly<Record<'prompts' | 'views' | 'near' | 'negatives', readonly string[]>> &
  Readonly<Record<'guidance' | 'weights', readonly unknown[]>> & {
    readonly factorization: FactorizationName;
    readonly sigma: number;
    readonly mask: string;
    readonly share: number;
  };

/** Sides as these parameters ask for them. */
export const sidesAskedFor = ({ factorization, sigma, mask, share, ...lists }: Asked): Sided =>
  sidesOf(lists, splitting({ factorization, sigma, mask, share, kernelSize: HYBRID_BLUR.kernelSize }));

/** The parameters from which `sidesAskedFor` makes these sides again. */
export function askedBySides(sided: Sided) {
  const { sides, split } = sided;
  const { kernelSize: _, ...inputs } = split.inputs;
  const near = nearOf(sided);
  return {
    prompts: sides.map(({ prompt }) => prompt),
    views: sides.map(({ view }) => view),
    negatives: sides.map(({ negative }) => negative),
    guidance: guidanceOf(sided),
    weights: sides.map(({ weight }) => weight),
    ...(near.length > 0 && { near, ...inputs }),
  };
}

export const negatives = z.array(promptText).min(1).max(MOST).default(['']).meta({
  cli: 'negative',
  expert: true,
  description: 'what the sides are pushed away from: one for all, or one each',
});

/** A list of 64 × 64 places, and other views beside it. */
const LONGEST_VIEW = 24_000;
export const viewText = z.string().min(1).max(LONGEST_VIEW).meta({ kind: 'view' });
