import { machine } from '#platform/machine';

/** Which half of the threads computes a call, or both. */
export type Lane = 0 | 1 | 'both';

/** A call in its lane. It tells nobody but its asker of what fails. */
type Call = (lane: Lane) => Promise<void>;

/**
 * Two halves of the threads, which whoever asks for has in turn. A call that is alone has both; the last of an odd number that
 * came together waits for both, and what came later takes the half that is free.
 */
export class Lanes {
  readonly #waiting: { readonly call: Call; readonly cameAt: number }[] = [];
  /** What is in each half, by when it came. */
  readonly #running = new Map<0 | 1, number>();
  #turn = 0;
  #looking = false;

  ask(call: Call): void {
    this.#waiting.push({ call, cameAt: this.#turn });
    void this.#look();
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    // Who asks together has asked by then.
    await machine.nextTurn();
    this.#looking = false;
    this.#turn++;
    const [first, ...more] = this.#waiting;
    if (!first) return;
    const isLast = more.length === 0;
    if (isLast && this.#running.size === 0) void this.#run(0, 1);
    else if (!isLast || ![...this.#running.values()].includes(first.cameAt))
      for (const half of [0, 1] as const) if (!this.#running.has(half)) void this.#run(half);
  }

  async #run(...halves: readonly (0 | 1)[]): Promise<void> {
    const next = this.#waiting.shift();
    if (!next) return;
    for (const half of halves) this.#running.set(half, next.cameAt);
    await next.call(halves.length === 2 ? 'both' : halves[0]!);
    for (const half of halves) this.#running.delete(half);
    void this.#look();
  }
}
