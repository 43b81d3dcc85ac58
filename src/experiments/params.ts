import * as z from 'zod';
import type { GuidanceInterval } from '../diffusion/guidance-interval.ts';
import { itineraryNames } from '../diffusion/itineraries.ts';
import type { Timestep } from '../diffusion/process.ts';
import { samplerNames, samplers } from '../diffusion/samplers.ts';
import { endingClean, presetNames, strided } from '../diffusion/schedule.ts';
import { noThreshold, type Threshold } from '../diffusion/threshold.ts';
import { RecipeError } from '../errors.ts';
import type { PixelModel } from '../models/model.ts';

/** The document's "empty" prompt, and the really empty one. */
export const PHOTO = 'a high quality photo';
export const NOTHING = '';

/** Far more than the 77 tokens that are read: what is cut is said. */
export const promptText = z.string().max(2000);

export const prompt = (value: string) =>
  promptText.default(value).meta({ kind: 'prompt', description: 'what the picture shows' });

export const prompts = (...values: string[]) =>
  z
    .array(promptText.meta({ kind: 'prompt' }))
    .min(1)
    .max(20)
    .default(values)
    .meta({ kind: 'prompt', cli: 'prompt', description: 'what the pictures show' });

export const picture = (value: string) =>
  z
    .string()
    .min(1)
    .default(value)
    .meta({ kind: 'picture', description: 'a picture file, or the name of one of the built-in pictures' });

export const pictures = (...values: string[]) =>
  z
    .array(z.string().min(1).meta({ kind: 'picture' }))
    .min(1)
    .max(12)
    .default(values)
    .meta({ kind: 'picture', cli: 'picture', description: 'picture files, or names of built-in pictures' });

export const masks = (...values: string[]) =>
  z
    .array(z.string().min(1).meta({ kind: 'mask' }))
    .min(1)
    .max(12)
    .default(values)
    .meta({ kind: 'mask', cli: 'mask', description: 'mask files, white where the picture may change' });

export const seed = z
  .int()
  .min(0)
  .max(0xffffffff)
  .default(180)
  .meta({ kind: 'seed', description: 'seed of the first picture; the next ones count up from it' });

/** The seeds of `count` pictures; after the last there is the first, so that each can be given again. */
export const seedsFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (first + i) % 2 ** 32);

export const guidanceScale = (value: number) =>
  z
    .number()
    .min(0)
    .max(30)
    .default(value)
    .meta({ cli: 'guidance', description: 'γ: how hard to push toward the prompt; 1 is no guidance' });

export const timestep = (value: number) =>
  z.int().min(0).max(999).default(value).meta({ kind: 'timestep', description: 'noise level t, 0 to 999' });

/** What stands twice in a list would be made, and counted, twice. */
export const once = [
  (list: readonly number[]) => new Set(list).size === list.length,
  'expected each once',
] as const;

export const timestepList = (...values: number[]) =>
  z
    .array(z.int().min(0).max(999))
    .min(1)
    .max(20)
    .refine(...once)
    .default(values)
    .meta({ kind: 'timestep', cli: 't', description: 'noise levels t, 0 to 999' });

/** Where a run with i_start steps skipped begins. */
export const iStartLevels = strided(990, 0, 30);

/** i_start: how many of the strided steps are skipped. The itinerary 990, 960, …, 0 has 33 steps. */
export const iStarts = (...values: number[]) =>
  z
    .array(z.int().min(0).max(32))
    .min(1)
    .max(33)
    .refine(...once)
    .default(values)
    .meta({
      kind: 'iStart',
      levels: iStartLevels,
      cli: 'i-start',
      description: 'steps skipped, 0 (all noise) to 32 (hardly any); t = 990 − 30·i_start',
    });

export const setting = z.enum(['quality', 'course']).default('quality').meta({
  expert: true,
  description:
    'quality: dynamic thresholding, ends clean; course: the taught loop to the letter, ends at t = 0',
});

/** How timesteps are chosen: so many, by a rule, or by one of IF's own itineraries, which has its number of steps. */
export const presetParam = z.enum(itineraryNames).default('even').meta({
  expert: true,
  description:
    'which timesteps: as many as steps says (of two that fall on one level there is one), even in t (with 0, or from 990 on without it), even in λ, early (closer together where the layout is decided) or as Karras et al. have them; or a named itinerary of IF with its own number',
});
export type Preset = z.output<typeof presetParam>;

/** Those that have a number of steps of their own. */
export const counted = presetNames as readonly Preset[];
export const isCounted = (preset: Preset): boolean => counted.includes(preset);

/** Steps over the whole range, as many as are asked for where the way has no number of its own. */
export const stepsParam = (usual: number, description: string, fewest = 1) =>
  z
    .int()
    .min(fewest)
    .max(1000)
    .default(usual)
    .meta({ unless: { preset: counted }, description });

const titles = samplerNames.map((name) => `${name} (${samplers[name].title})`).join(', ');
export const sampler = z
  .enum(samplerNames)
  .default('ddpm')
  .meta({ expert: true, description: `how a step is taken: ${titles}` });

/** How a picture of one's own is drawn in few steps: the best that was tried, docs/performance.md. */
export const quick = { steps: 10, sampler: 'dpmpp_2m', preset: 'early' } as const;

/** The same, even in t: an edit begins at a share of its steps, and illusions are as often readable so. */
export const quickEven = { ...quick, preset: 'uniform' } as const;

/** γ is applied nowhere. */
const UNGUIDED = { guidanceScale: [1] };

/** What is fast is guided in this upper share of the noise that is walked down. */
const FAST_SHARE = 0.5;

/** What makes a picture cheaper, each with its loss in docs/performance.md. */
export const economy = {
  guidanceFrom: z
    .int()
    .min(0)
    .max(999)
    .default(999)
    .meta({ expert: true, unless: UNGUIDED, description: 'noise level from which on γ is applied' }),
  guidanceTo: z.int().min(0).max(999).default(0).meta({
    expert: true,
    unless: UNGUIDED,
    description: 'noise level down to which γ is applied; below it a step is one call',
  }),
  fast: z
    .boolean()
    .default(false)
    .describe(
      'take six tenths of the steps, and γ in the upper half of the noise only: a good half of the time of stage I',
    ),
};
export type Economy = Readonly<z.output<z.ZodObject<typeof economy>>>;

/**
 * How many steps are taken, and where they are guided; everywhere when there is no interval.
 *
 * @param strength  share of the noise that is walked down, 1 from pure noise
 * @throws {RecipeError} when the interval is none
 */
export function saving(
  steps: number,
  { guidanceFrom: from, guidanceTo, fast }: Economy,
  strength = 1,
): { steps: number; interval?: GuidanceInterval } {
  const fastTo = Math.round(1000 * (1 - FAST_SHARE) * strength);
  if (fast && guidanceTo > 0 && guidanceTo < fastTo)
    throw new RecipeError(
      'guidanceTo',
      `it does nothing with fast, which takes γ down to ${fastTo} only`,
      `give ${fastTo} or more, or leave one of the two out`,
    );
  const to = fast ? Math.max(fastTo, guidanceTo) : guidanceTo;
  if (to > from)
    throw new RecipeError('guidanceFrom', `γ from ${from} down to ${to} is no interval`, 'give a higher one');
  return {
    steps: fast ? Math.max(1, Math.round(0.6 * steps)) : steps,
    ...((from < 999 || to > 0) && { interval: { from, to } }),
  };
}

/** The blur that takes hybrids apart. */
export const blurOfHybrids = {
  kernelSize: z
    .int()
    .min(3)
    .max(127)
    .default(33)
    .meta({ expert: true, description: 'width of the blur at 64 pixels, odd' }),
  sigma: z
    .number()
    .min(0.1)
    .max(20)
    .default(2)
    .describe('σ of the blur in pixels at 64; smaller makes the far subject easier to see'),
};

/** @throws {RecipeError} when it is even */
export function checkKernel(kernelSize: number): void {
  if (kernelSize % 2 === 0)
    throw new RecipeError('kernelSize', `${kernelSize} is even`, 'a kernel has a middle: give an odd number');
}

/** How often each step of an inpainting is taken: RePaint's U. */
export const resamplings = z.int().min(1).max(20).meta({
  description:
    'how often each step is taken: 1 as the document and IF have it; with more, what is invented fits its surroundings',
});

/** Nothing is enlarged. */
const SMALL = { upscale: [false] };

/** Stage II: the parameters of the enlargement to 256 × 256. Few steps, early, and little noise are nearest to a photograph: docs/performance.md. */
export const upscale = {
  upscale: z
    .boolean()
    .default(true)
    .meta({ kind: 'enlarge', description: 'enlarge with stage II when the checkpoint has one' }),
  upscaleSteps: z
    .int()
    .min(1)
    .max(250)
    .default(6)
    .meta({
      expert: true,
      unless: { ...SMALL, upscalePreset: counted },
      description: 'steps of stage II',
    }),
  upscalePreset: presetParam.default('early').meta({
    expert: true,
    unless: SMALL,
    description:
      "timesteps of stage II: early (closer together where there is most noise), even, or a named itinerary; IF's are super27, super40 and super100",
  }),
  upscaleGuidance: z
    .number()
    .min(0)
    .max(30)
    .default(1)
    .meta({ expert: true, unless: SMALL, description: 'γ of stage II' }),
  noiseLevel: z.int().min(0).max(999).default(20).meta({
    expert: true,
    unless: SMALL,
    description: 'noise added to the small picture before stage II sees it',
  }),
};

export type StageTwo = Readonly<z.output<z.ZodObject<typeof upscale>>>;

/** Of all options those of stage II. */
export const stageTwoOf = ({
  upscale,
  upscaleSteps,
  upscalePreset,
  upscaleGuidance,
  noiseLevel,
}: StageTwo): StageTwo => ({ upscale, upscaleSteps, upscalePreset, upscaleGuidance, noiseLevel });

/** What a picture depends on of them: not of how, where it is not enlarged. */
export function enlargedAs(options: StageTwo): false | Omit<StageTwo, 'upscale'> {
  const { upscale, ...how } = stageTwoOf(options);
  return upscale && how;
}

/** The first of them that is not as usual. */
export const unusual = (options: Omit<StageTwo, 'upscale'>): string | undefined =>
  Object.entries(z.object(upscale).omit({ upscale: true }).parse({})).find(
    ([name, usual]) => options[name as keyof typeof options] !== usual,
  )?.[0];

/** The taught loop in two settings: where it ends and what is done to x̂₀ on the way. */
export const settings = {
  quality: {
    timesteps: () => endingClean(strided(990, 0, 30)),
    threshold: (model: PixelModel): Threshold => model.threshold,
  },
  course: { timesteps: () => strided(990, 0, 30), threshold: (): Threshold => noThreshold },
} satisfies Record<string, { timesteps: () => Timestep[]; threshold: (model: PixelModel) => Threshold }>;

export type Setting = keyof typeof settings;

/** What a row of the page calls a picture: "drawing-house" is "drawing, house", a path is its file's name. */
export const nameOfPicture = (reference: string): string => {
  const name = reference.replace(/^.*[\\/]/, '').replace(/\.[a-z0-9]+$/i, '');
  return name === reference ? name.replace('-', ', ') : name;
};

/** Network calls of one guided estimate: without a push the unconditional branch is not asked. */
export const branches = (guidanceScale: number): number => (guidanceScale === 1 ? 1 : 2);
