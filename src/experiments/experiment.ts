import type * as z from 'zod';
import type { Timestep } from '../diffusion/process.ts';
import type { Step } from '../diffusion/samplers.ts';
import type { Models } from '../models/model.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * A picture as a run leaves it. `row` and `column` say where it stands in the section's table.
 */
export interface Figure {
  /** Unique within the experiment: file name and anchor. */
  readonly id: string;
  readonly row: string;
  readonly column: string;
  /** [1, 3, H, W] in [-1, 1]; cut to that range when shown. */
  readonly image: Tensor;
  readonly caption?: string | undefined;
  readonly t?: Timestep | undefined;
  readonly seed?: number | undefined;
  /** Decibels against the original, peak 2 for values in [-1, 1]. */
  readonly psnr?: number | undefined;
  /** Wall time that making this picture took; 0 for one passed on the way to another. The runner fills it in. */
  readonly seconds?: number | undefined;
  /** The name of a view under which the picture shows `turnedCaption`. */
  readonly view?: string | undefined;
  readonly turnedCaption?: string | undefined;
  /** Shown small as well: what a hybrid shows from afar. */
  readonly farCaption?: string | undefined;
}

export const figure = (figure: Figure): RunEvent => ({ type: 'figure', figure });

export type RunEvent =
  /** One step of a walk, before it is taken; x and x̂₀ are [N, 3, H, W]. */
  | {
      readonly type: 'step';
      readonly label: string;
      readonly index: number;
      readonly count: number;
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
      /** Those that make this part alone. */
      readonly params: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'part-end'; readonly key: string; readonly reused: boolean };

/** What a part of an experiment may use. */
export interface RunContext extends Models {
  readonly signal?: AbortSignal | undefined;
  /**
   * A picture parameter as [1, 3, size, size] (or [1, 1, size, size] for a mask): one of the project's own by name, or a
   * file the user gave.
   */
  picture(reference: string, size: number): Promise<Tensor>;
  mask(reference: string, size: number, picture?: string): Promise<Tensor>;
}

/** A piece of work that stands alone: it can be kept, skipped when already done, or redone. */
export interface Part {
  /** Unique within the experiment and saying everything its result depends on beside the parameters. */
  readonly key: string;
  /** Network calls it will make in stages I and II, for progress and the time left. */
  readonly calls: { readonly base: number; readonly upscaler?: number };
  /** The parameters its result depends on; the others may change without redoing it. JSON values only. */
  readonly inputs: unknown;
  /** The parameters that, in the place of the experiment’s, leave this part with at most an original beside it. */
  readonly alone?: Readonly<Record<string, unknown>> | undefined;
  /** References of the pictures and masks it reads: their content belongs to the recipe. */
  readonly pictures?: readonly string[] | undefined;
  run(context: RunContext): AsyncGenerator<RunEvent>;
}

/** One row of the page. Command word, form, route, anchor and documentation are made from this record. */
export interface Experiment<P extends z.ZodObject = z.ZodObject> {
  /** Word of the command line, part of URLs, anchor on the page. */
  readonly id: string;
  readonly title: string;
  /** What the section says, in paragraphs. */
  readonly text: string;
  /** The formula, in TeX as in the document, with a plain reading. */
  readonly formula?: readonly { readonly tex: string; readonly plain: string }[] | undefined;
  /** A short remark under the figures. */
  readonly remark?: string | undefined;
  /** Defaults are the document's values; every field carries `.describe(…)`. `.meta({ kind })` marks prompts, pictures and masks. */
  readonly params: P;
  /** Which parameters the first word(s) on the command line fill, in order. */
  readonly positional?: readonly (keyof z.infer<P> & string)[];
  /** One line of the command with the most telling option. */
  readonly example: string;
  /** What other programs may ask it for: the server's shims look it up by this, never by name. */
  readonly serves?: 'text-to-image' | 'image-to-image' | 'inpainting' | undefined;
  parts(params: z.output<P>, models: Models): Part[];
}

export const defineExperiment = <P extends z.ZodObject>(experiment: Experiment<P>): Experiment<P> =>
  experiment;
