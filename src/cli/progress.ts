import { CallCount } from '../experiments/calls.ts';
import type { Calls, ExperimentEvent, Part, Stage } from '../experiments/experiment.ts';
import { duration } from '../words.ts';

/** Work done and to be done, in calls of stage I; a call of stage II counts for what it was seen to take. */
export class WorkProgress {
  private readonly count: CallCount;
  private readonly ran = { base: 0, upscaler: 0 };
  private readonly seconds = { base: 0, upscaler: 0 };
  private since = 0;

  constructor(parts: readonly Pick<Part, 'calls'>[]) {
    this.count = new CallCount(parts);
  }

  hear(event: ExperimentEvent): void {
    this.count.hear(event);
    const now = performance.now();
    if (event.type === 'step') {
      this.ran[event.stage] += event.calls / event.count;
      this.seconds[event.stage] += (now - this.since) / 1000;
    }
    if (event.type === 'step' || event.type === 'part-start') this.since = now;
  }

  /** Waits for something that is no work: its time is nobody's. */
  async without(work: () => Promise<void>): Promise<void> {
    const began = performance.now();
    await work();
    this.since += performance.now() - began;
  }

  /** Whether the part under way has asked a network. */
  get asked(): boolean {
    return this.count.asked;
  }

  private cost(stage: Stage): number {
    if (this.ran[stage] > 0) return this.seconds[stage] / this.ran[stage];
    return stage === 'upscaler' ? 3 * this.cost('base') : 0;
  }

  private weight(calls: Calls): number {
    const [base, upscaler] = [this.cost('base') || 1, this.cost('upscaler') || 3];
    return calls.base * base + calls.upscaler * upscaler;
  }

  get fraction(): number {
    return Math.min(1, this.weight(this.count.done) / Math.max(1e-9, this.weight(this.count.total)));
  }

  get left(): string {
    if (this.ran.base === 0) return '';
    return `${duration(Math.round(this.weight(this.count.total) - this.weight(this.count.done)))} left`;
  }

  /** Network calls a second. */
  get rate(): number {
    return (this.ran.base + this.ran.upscaler) / Math.max(1e-9, this.seconds.base + this.seconds.upscaler);
  }

  bar(width = 20): string {
    const full = Math.round(this.fraction * width);
    return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${String(Math.floor(this.fraction * 100)).padStart(3)} %`;
  }
}
