import * as z from 'zod';
import { factorizationNames } from '../diffusion/components.ts';
import type { Step } from '../diffusion/sampler.ts';
import type { Verdict } from '../diffusion/verdict.ts';
import type { Models } from '../models/model.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Walks } from './branch.ts';

/** Stage I draws, stage II enlarges. */
export type Stage = 'base' | 'upscaler';

/** Network calls of each stage. */
export type Calls = Readonly<Record<Stage, number>>;

/** `Verdict`, as it is told. */
const verdictText = z.object({
  by: z
    .literal('judge')
    .optional()
    .describe(
      'the checkpoint’s judge, who says how readable a subject is, from 0 to 1; absent: the model itself, who says how much easier a prompt makes it to find the noise, 0 being no easier than no prompt',
    ),
  alignment: z.number().describe('of the weakest side'),
  concealment: z.number().describe('1 when each side hides the others, 1/n by chance'),
  sides: z
    .array(
      z.object({
        prompt: z.string(),
        gain: z.number().describe('how far the side shows its prompt'),
        overOthers: z.number().optional().describe('over the strongest of the other sides’ prompts'),
        overSubjects: z.number().optional().describe('over the subject that fits best'),
        nearest: z.string().optional().describe('the subject that fits best'),
      }),
    )
    .readonly(),
}) satisfies z.ZodType<Verdict>;

/** How a figure came about, for whoever looks at its steps. */
const walkText = z
  .object({
    index: z.int().describe('which walk of its part: what a branch calls "walk"'),
    label: z.string(),
    stage: z.enum(['base', 'upscaler']),
    count: z.int().describe('steps'),
    at: z.int().describe('place in the batch that was walked'),
    part: z.string().describe('hash of the part that made it'),
    before: z.string().optional().describe('of a branch: the hash of the part that it left'),
    step: z.int().optional().describe('of a branch: the steps that it shares with that part, in walk `left`'),
    left: z.int().optional(),
    kept: z.string().optional().describe('the object that holds its steps, while they are kept'),
  })
  .describe('the walk that ended in it');

/** Of a view what is looked at, where that is not the whole: from afar its low frequencies. */
const partText = z
  .object({
    factorization: z.enum(factorizationNames),
    index: z.int().describe('which of its parts, from 0'),
    kernelSize: z.number().optional(),
    sigma: z.number().optional(),
  })
  .describe('what of it is looked at, where that is not the whole: a part of a way to take pictures apart');

/** What is said of a picture that a run leaves. */
export const figureText = z.object({
  id: z.string().describe('unique within the experiment: file name and anchor'),
  row: z.string().describe('where it stands in the section’s table'),
  column: z.string().describe('where it stands in the section’s table'),
  caption: z.string().optional(),
  t: z.number().optional().describe('noise level it was begun at'),
  seed: z.number().optional(),
  psnr: z.number().optional().describe('decibels against the original, peak 2 for values in [-1, 1]'),
  seconds: z
    .number()
    .optional()
    .describe('wall time that making it took; 0 for one passed on the way to another'),
  view: z.string().optional().describe('name of a view under which the picture shows turnedCaption'),
  turnedCaption: z.string().optional(),
  farCaption: z.string().optional().describe('shown small as well: what a hybrid shows from afar'),
  sides: z
    .array(
      z.object({
        view: z.string(),
        caption: z.string(),
        part: partText.optional(),
      }),
    )
    .readonly()
    .optional()
    .describe('what it should show through each view, two or more'),
  verdict: verdictText.optional().describe('what was judged of the sides, in their order'),
  walk: walkText.optional(),
});

/** A picture as a run leaves it. The runner fills `seconds` in. */
export interface Figure extends Readonly<z.output<typeof figureText>> {
  /** [1, 3, H, W] in [-1, 1]; cut to that range when shown. */
  readonly image: Tensor;
}

/** The event by which a run hands out a figure it has finished. */
export const figure = (figure: Figure): RunEvent => ({ type: 'figure', figure });

/** What a part tells while it runs. */
export type RunEvent =
  /** One step of a walk, before it is taken; x and x̂₀ are [N, 3, H, W]. */
  | {
      readonly type: 'step';
      readonly stage: Stage;
      /** Which walk, for people. */
      readonly label: string;
      /** 0 … count − 1. */
      readonly index: number;
      readonly count: number;
      /** Network calls of the whole walk: its share of what the part announced for the stage. */
      readonly calls: number;
      readonly step: Step;
    }
  | { readonly type: 'figure'; readonly figure: Figure }
  | { readonly type: 'warning'; readonly message: string };

/** The events of a whole experiment: those of its parts, and where each part begins and ends. */
export type ExperimentEvent =
  | RunEvent
  | {
      readonly type: 'part-start';
      readonly key: string;
      readonly index: number;
      readonly count: number;
      readonly calls: Part['calls'];
      /** What it is a part of: the experiment that runs, or the one it is borrowed from. */
      readonly experiment: Experiment;
      /** Those that make this part alone. */
      readonly params: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'part-end'; readonly key: string; readonly reused: boolean };

/** What a part of an experiment may use. */
export interface RunContext extends Models {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds of work; where parts are run side by side, each has its share of the time. `performance.now` by default. */
  readonly clock?: (() => number) | undefined;
  /** The walks of this part: the runner's, who knows whether it is a branch. */
  readonly walks?: Walks | undefined;
  /**
   * A picture parameter as [1, 3, size, size] (or [1, 1, size, size] for a mask): one of the project's own by name, or a
   * file the user gave.
   */
  picture(reference: string, size: number): Promise<Tensor>;
  /**
   * A mask by reference: [1, 1, size, size], each value 0 or 1; 1 may change.
   *
   * @param picture  reference of the picture it belongs to, whose size it must have
   */
  mask(reference: string, size: number, picture?: string): Promise<Tensor>;
}

/** A piece of work that stands alone: it can be kept, skipped when already done, or redone. */
export interface Part {
  /** Unique within the experiment and saying everything its result depends on beside the parameters. */
  readonly key: string;
  /** Network calls it will make in stages I and II, for progress and the time left. */
  readonly calls: Partial<Calls> & Pick<Calls, 'base'>;
  /** The parameters its result depends on; the others may change without redoing it. JSON values only. */
  readonly inputs: unknown;
  /** The parameters that, in the place of the experiment’s, leave this part with at most an original beside it. */
  readonly alone?: Readonly<Record<string, unknown>> | undefined;
  /** References of the pictures and masks it reads: their content belongs to the recipe. */
  readonly pictures?: readonly string[] | undefined;
  /** Tells of each step before it is taken, and of each figure when it is made. */
  run(context: RunContext): AsyncGenerator<RunEvent>;
  /** Of a part that depends on how the earlier ones turned out: what it becomes, or nothing, given their figures. */
  readonly chosen?: ((figures: readonly Figure[]) => Part | undefined) | undefined;
  /** What to say, given the earlier figures, when `chosen` gives nothing; nothing is said without it. */
  readonly missing?: ((figures: readonly Figure[]) => string | undefined) | undefined;
  /** A part of another experiment: its recipe, and what it made before, are that one's. */
  readonly borrowed?:
    | { readonly from: Experiment; readonly params: Readonly<Record<string, unknown>> }
    | undefined;
}

/** In TeX as in the document, with a plain reading. */
export interface Formula {
  readonly tex: string;
  readonly plain: string;
}

/** What an experiment says of itself. */
export const experimentText = z.object({
  id: z.string().describe('word of the command line, part of addresses, anchor on the page'),
  title: z.string(),
  text: z.string().describe('what the section says; paragraphs are separated by empty lines'),
  formula: z
    .array(z.object({ tex: z.string(), plain: z.string() }))
    .readonly()
    .optional()
    .describe('in TeX as in the document, with a plain reading'),
  remark: z.string().optional().describe('a short remark under the figures'),
  example: z.string().describe('one line of the command with the most telling option'),
  serves: z
    .enum(['text-to-image', 'image-to-image', 'inpainting'])
    .optional()
    .describe('what other programs may ask it for: the server’s shims look it up by this, never by name'),
});

/** One row of the page. Command word, form, route, anchor and documentation are made from this record. */
export interface Experiment<P extends z.ZodObject = z.ZodObject>
  extends Readonly<z.output<typeof experimentText>> {
  /** Defaults are the document's values; every field carries `.describe(…)`. `.meta({ kind })` marks prompts, pictures and masks. */
  readonly params: P;
  /** Which parameters the first word(s) on the command line fill, in order. */
  readonly positional?: readonly (keyof z.infer<P> & string)[];
  /** The one or two that it is about: a figure to play with shows these first. */
  readonly lead?: readonly (keyof z.infer<P> & string)[];
  /** Where another program asks for what it serves: the values that are not its defaults, unless the program says others. */
  readonly servedWith?: Readonly<Partial<z.input<P>>>;
  /** Formulas of other sections that it applies as well: not printed again, but shown with their numbers where it runs. */
  readonly applies?: readonly Formula[];
  /** What there is to do, in the order of the page; nothing has run yet. */
  parts(params: z.output<P>, models: Models): Part[];
}

/** Gives a record the types of its own parameters. */
export const defineExperiment = <P extends z.ZodObject>(experiment: Experiment<P>): Experiment<P> =>
  experiment;
