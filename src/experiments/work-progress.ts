import { CallCount } from './calls.ts';
import type { Calls, ExperimentEvent, Part, Stage } from './experiment.ts';

/** A call of stage II, in calls of stage I, until one has been seen. */
const UPSCALER_COSTS = 3;

/** What calls of a stage take. The first ones wait for the network to be opened: they count as long as there are no others. */
class Pace {
  calls = 0;
  seconds = 0;
  #opened = false;

  took(calls: number, seconds: number): void {
    if (this.#opened || this.calls === 0) {
      this.calls += calls;
      this.seconds += seconds;
    } else {
      [this.calls, this.seconds, this.#opened] = [calls, seconds, true];
    }
  }

  /** Seconds; none before there was one. */
  get ofCall(): number {
    return this.calls > 0 ? this.seconds / this.calls : 0;
  }
}

/** Work done and to be done, in calls of stage I; a call of stage II counts for what it was seen to take. */
export class WorkProgress {
  private readonly count: CallCount;
  private readonly pace = { base: new Pace(), upscaler: new Pace() };
  private since = 0;
  private waiting = 0;
  private waitingSince = 0;

  constructor(parts: readonly Pick<Part, 'calls'>[]) {
    this.count = new CallCount(parts);
  }

  /** @param whose  where several runs are under way: which of them this is of */
  hear(event: ExperimentEvent, whose?: unknown): void {
    this.count.hear(event, whose);
    const now = performance.now();
    if (event.type === 'step')
      this.pace[event.stage].took(event.calls / event.count, (now - this.since) / 1000);
    // Of runs side by side, each step is told the time since the last one of any.
    if (event.type === 'step' || event.type === 'part-start') this.since = now;
  }

  /** Waits for something that is no work: its time is nobody's, and counted once where several runs wait. */
  async without(work: () => Promise<void>): Promise<void> {
    if (this.waiting++ === 0) this.waitingSince = performance.now();
    await work();
    if (--this.waiting === 0) this.since += performance.now() - this.waitingSince;
  }

  /** Whether the part under way has asked a network. */
  asked(whose?: unknown): boolean {
    return this.count.asked(whose);
  }

  /** Seconds of a call, as far as is known; the other stage's pace says more than none. */
  private cost(stage: Stage): number {
    const { base, upscaler } = this.pace;
    return stage === 'base'
      ? base.ofCall || upscaler.ofCall / UPSCALER_COSTS || 1
      : upscaler.ofCall || UPSCALER_COSTS * this.cost('base');
  }

  private weight(calls: Calls): number {
    return calls.base * this.cost('base') + calls.upscaler * this.cost('upscaler');
  }

  /** 0 to 1. */
  get fraction(): number {
    return Math.min(1, this.weight(this.count.done) / Math.max(1e-9, this.weight(this.count.total)));
  }

  /** At the pace so far; none before a network was asked. */
  get secondsLeft(): number | undefined {
    if (this.pace.base.calls + this.pace.upscaler.calls === 0) return undefined;
    return this.weight(this.count.total) - this.weight(this.count.done);
  }

  /** Network calls made and to be made, whatever each of them takes. */
  get calls(): { readonly done: number; readonly total: number } {
    const sum = ({ base, upscaler }: Calls) => base + upscaler;
    return { done: Math.round(sum(this.count.done)), total: sum(this.count.total) };
  }

  /** Network calls a second. */
  get rate(): number {
    const { base, upscaler } = this.pace;
    return (base.calls + upscaler.calls) / Math.max(1e-9, base.seconds + upscaler.seconds);
  }
}
