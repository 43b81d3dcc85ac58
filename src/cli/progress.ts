import { formatSeconds } from '../hub/format.ts';

type Stage = 'base' | 'upscaler';
/** Network calls of stages I and II. */
type Calls = Record<Stage, number>;

/** Work done and to be done, in calls of stage I; a call of stage II counts for what it was seen to take. */
export class Progress {
  private readonly total: Calls;
  private readonly done: Calls = { base: 0, upscaler: 0 };
  private readonly ran: Calls = { base: 0, upscaler: 0 };
  private readonly seconds: Calls = { base: 0, upscaler: 0 };
  private part = { total: this.done, counted: this.done, labels: new Set<string>(), since: 0 };

  constructor(parts: readonly PlannedCalls[]) {
    const sum = (stage: Stage) => parts.reduce((total, calls) => total + (calls[stage] ?? 0), 0);
    this.total = { base: sum('base'), upscaler: sum('upscaler') };
  }

  /** A part begins; its steps follow. */
  begin({ base, upscaler = 0 }: PlannedCalls): void {
    this.part = {
      total: { base, upscaler },
      counted: { base: 0, upscaler: 0 },
      labels: new Set(),
      since: performance.now(),
    };
  }

  /** Step `index` of `count` of the walk `label` has its answer from the network. */
  step(label: string, index: number, count: number): void {
    const { total, counted, labels, since } = this.part;
    labels.add(label);
    // A part walks stage I first, then stage II.
    const stage = labels.size > 1 && total.upscaler > 0 ? 'upscaler' : 'base';
    const calls = Math.round((total[stage] * (index + 1)) / count) - counted[stage];
    const now = performance.now();
    counted[stage] += calls;
    this.done[stage] += calls;
    this.ran[stage] += calls;
    this.seconds[stage] += (now - since) / 1000;
    this.part.since = now;
  }

  /** The part is finished: calls that it was spared are done as well. Gives whether it made any. */
  end(): boolean {
    const { total, counted } = this.part;
    for (const stage of ['base', 'upscaler'] as const) this.done[stage] += total[stage] - counted[stage];
    return counted.base + counted.upscaler > 0;
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
    return Math.min(1, this.weight(this.done) / Math.max(1e-9, this.weight(this.total)));
  }

  get left(): string {
    if (this.ran.base === 0) return '';
    return `${formatSeconds(Math.max(0, this.weight(this.total) - this.weight(this.done)))} left`;
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

interface PlannedCalls {
  readonly base: number;
  readonly upscaler?: number;
}
