export interface Speed {
  readonly receivedBytes: number;
  readonly totalBytes: number;
  /** Over the last seconds; undefined until something can be said. */
  readonly bytesPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
}

/** A download's speed is that of its last five seconds: what happened before says little about what is left. */
const WINDOW_MS = 5000;

/**
 * Measures a download.
 *
 * @param haveBytes  what was there before it began: counts as received, not as speed
 * @param nowMs  the clock
 */
export function speedometer(
  totalBytes: number,
  haveBytes: number,
  nowMs: () => number = () => performance.now(),
) {
  let receivedBytes = haveBytes;
  const marks = [{ atMs: nowMs(), receivedBytes }];
  return {
    /** Counts `bytes` more, or fewer when a file begins anew. */
    add(bytes: number): void {
      receivedBytes += bytes;
      const atMs = nowMs();
      if (bytes < 0) marks.length = 0;
      if (marks.length === 0 || atMs - marks.at(-1)!.atMs >= 100) marks.push({ atMs, receivedBytes });
      while (marks.length > 2 && atMs - marks[1]!.atMs >= WINDOW_MS) marks.shift();
    },
    read(): Speed {
      const first = marks[0]!;
      const seconds = (nowMs() - first.atMs) / 1000;
      const bytes = receivedBytes - first.receivedBytes;
      const bytesPerSecond = seconds > 0 && bytes > 0 ? bytes / seconds : undefined;
      return {
        receivedBytes,
        totalBytes,
        bytesPerSecond,
        secondsLeft: bytesPerSecond && (totalBytes - receivedBytes) / bytesPerSecond,
      };
    },
  };
}
