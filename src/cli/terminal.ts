/** Where a command writes: results to `out`, everything about the way there to `progress`. */
export interface Terminal {
  readonly json: boolean;
  /** A line of results. */
  print(line: string): void;
  /** A line about what happens. */
  note(line: string): void;
  /** The line that changes in place; nothing when there is no terminal. */
  status(line: string): void;
  /** What was just finished: in place where there is a terminal, else a line. */
  passed(line: string): void;
}

export function terminal({ json = false } = {}): Terminal {
  const live = process.stderr.isTTY === true;
  let shown = false;
  const clear = () => {
    if (shown) process.stderr.write('\r\x1b[2K');
    shown = false;
  };
  const note = (line: string) => {
    clear();
    process.stderr.write(`${line}\n`);
  };
  const status = (line: string) => {
    if (!live) return;
    process.stderr.write(`\r\x1b[2K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
    shown = true;
  };
  return {
    json,
    print(line) {
      clear();
      process.stdout.write(`${line}\n`);
    },
    note,
    status,
    passed: live ? status : note,
  };
}

/** `██░░  50 %` */
export function bar(fraction: number, width = 20): string {
  const full = Math.round(fraction * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${String(Math.floor(fraction * 100)).padStart(3)} %`;
}
