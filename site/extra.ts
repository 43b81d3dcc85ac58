import type { Figure } from '../src/experiments/index.ts';
import type { Models } from '../src/models/model.ts';
import type { Taken } from './taken.ts';

export type Params = Readonly<Record<string, unknown>>;

/** What the figure of one section shows beside what all of them do. What it does not ask for, it is not told. */
export interface Extra {
  readonly element: HTMLElement;
  /** Values of the form, before anything is run with them. */
  values?(params: Params): void | Promise<void>;
  /** What a run made, or, where no network is asked, what the values made. */
  figures?(figures: readonly Figure[], params: Params): void | Promise<void>;
  /** A step that is looked at; nothing where it is the picture after the last. */
  step?(taken: Taken | undefined, params: Params): void | Promise<void>;
}

export interface ExtraGiven {
  /** What the models are, without their networks. */
  readonly known: Models;
  /** Moves a control of the form. */
  readonly set: (name: string, value: number) => void;
}

export type MakeExtra = (given: ExtraGiven) => Extra;
