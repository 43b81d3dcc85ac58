import { formatSeconds } from '../hub/format.ts';

/** Where a command writes: results to `out`, everything about the way there to `progress`. */
export interface Terminal {
  readonly json: boolean;
  /** A line of results. */
  print(line: string): void;
  /** A line about what happens. */
  note(line: string): void;
  /** The line that changes in place; nothing when there is no terminal. */
  status(line: string): void;
}

export function terminal({ json = false } = {}): Terminal {
  const live = process.stderr.isTTY === true;
  let shown = false;
  const clear = () => {
    if (shown) process.stderr.write('\r\x1b[2K');
    shown = false;
  };
  return {
    json,
    print(line) {
      clear();
      process.stdout.write(`${line}\n`);
    },
    note(line) {
      clear();
      process.stderr.write(`${line}\n`);
    },
    status(line) {
      if (!live) return;
      process.stderr.write(`\r\x1b[2K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
      shown = true;
    },
  };
}

/** Work done and to be done, in calls of stage I; a call of stage II counts for what it was seen to take. */
export class Progress {
  private readonly total: { base: number; upscaler: number };
  private readonly done = { base: 0, upscaler: 0 };
  private readonly seconds = { base: 0, upscaler: 0 };
  private readonly ran = { base: 0, upscaler: 0 };

  constructor(total: { base: number; upscaler: number }) {
    this.total = total;
  }

  /** Calls that were made, and how long they took; without a time they were spared. */
  add(stage: 'base' | 'upscaler', calls: number, seconds?: number): void {
    this.done[stage] += calls;
    if (seconds === undefined) return;
    this.ran[stage] += calls;
    this.seconds[stage] += seconds;
  }

  private cost(stage: 'base' | 'upscaler'): number {
    if (this.ran[stage] > 0) return this.seconds[stage] / this.ran[stage];
    return stage === 'upscaler' ? 3 * this.cost('base') : 0;
  }

  private weight(calls: { base: number; upscaler: number }): number {
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
