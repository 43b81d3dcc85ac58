import type { Calls, ExperimentEvent, Part } from './experiment.ts';

const none: Calls = { base: 0, upscaler: 0 };
const plus = (a: Calls, b: Calls): Calls => ({ base: a.base + b.base, upscaler: a.upscaler + b.upscaler });
const announced = ({ calls }: Pick<Part, 'calls'>): Calls => ({ ...none, ...calls });

/** Network calls done and to be done, counted from the events of a run. */
export class CallCount {
  /** Of all parts. */
  readonly total: Calls;
  #before: Calls = none;
  /** Parts under way, by whose they are. */
  readonly #under = new Map<unknown, { readonly part: Calls; made: Calls }>();

  /** @param parts  all that will be run */
  constructor(parts: readonly Pick<Part, 'calls'>[]) {
    this.total = parts.map(announced).reduce(plus, none);
  }

  /** So far; what was reused counts as done. */
  get done(): Calls {
    return [...this.#under.values()].map(({ made }) => made).reduce(plus, this.#before);
  }

  /** Whether the part under way has asked a network. */
  asked(whose?: unknown): boolean {
    const { made } = this.#under.get(whose) ?? { made: none };
    return made.base + made.upscaler > 0;
  }

  /**
   * A walk spreads its calls evenly over its steps; a part that ends has done all it announced, also what it was spared.
   *
   * @param whose  where several runs are under way: which of them this is of
   */
  hear(event: ExperimentEvent, whose?: unknown): void {
    const under = this.#under.get(whose);
    switch (event.type) {
      case 'part-start':
        this.#under.set(whose, { part: announced(event), made: none });
        break;
      case 'step':
        if (under) under.made = plus(under.made, { ...none, [event.stage]: event.calls / event.count });
        break;
      case 'part-end':
        if (under) this.#before = plus(this.#before, under.part);
        this.#under.delete(whose);
    }
  }
}
