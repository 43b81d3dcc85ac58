import type { Calls, ExperimentEvent, Part } from './experiment.ts';

const none: Calls = { base: 0, upscaler: 0 };
const plus = (a: Calls, b: Calls): Calls => ({ base: a.base + b.base, upscaler: a.upscaler + b.upscaler });
const announced = ({ calls }: Pick<Part, 'calls'>): Calls => ({ ...none, ...calls });

/** Network calls done and to be done, counted from the events of a run. */
export class CallCount {
  /** Of all parts. */
  readonly total: Calls;
  #before: Calls = none;
  #part: Calls = none;
  #made: Calls = none;

  /** @param parts  all that will be run */
  constructor(parts: readonly Pick<Part, 'calls'>[]) {
    this.total = parts.map(announced).reduce(plus, none);
  }

  /** So far; what was reused counts as done. */
  get done(): Calls {
    return plus(this.#before, this.#made);
  }

  /** Whether the part under way has asked a network. */
  get asked(): boolean {
    return this.#made.base + this.#made.upscaler > 0;
  }

  /** A walk spreads its calls evenly over its steps; a part that ends has done all it announced, also what it was spared. */
  hear(event: ExperimentEvent): void {
    switch (event.type) {
      case 'part-start':
        this.#part = announced(event);
        this.#made = none;
        break;
      case 'step':
        this.#made = plus(this.#made, { ...none, [event.stage]: event.calls / event.count });
        break;
      case 'part-end':
        this.#before = plus(this.#before, this.#part);
        this.#made = none;
    }
  }
}
