import type { Figure } from '../src/experiments/index.ts';
import type { Models } from '../src/models/model.ts';
import type { Ran } from './ran.ts';
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
  /** The picture that a run led to, as it is shown: something may be added to it. */
  dress?(shown: HTMLElement, params: Params): void | Promise<void>;
}

export interface ExtraGiven {
  /** What the models are, without their networks. */
  readonly known: Models;
  /** What stands in the form. */
  readonly params: () => Params;
  /** Moves a control of the form. */
  readonly set: (name: string, value: number) => void;
  /** Runs the form's values with these in their place, one after the other. */
  readonly runs: (others: readonly Params[], follow: RunsFollower) => Promise<void>;
  /** Shows a run as if it had just ended, and its values in the form. */
  readonly show: (ran: Ran) => void;
}

export interface RunsFollower {
  step(index: number, taken: Taken): void;
  ran(index: number, ran: Ran): void;
}

export type MakeExtra = (given: ExtraGiven) => Extra;
