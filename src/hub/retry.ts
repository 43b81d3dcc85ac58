import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  /** How often to try again without a single new byte. Default 5. */
  readonly retries?: number;
  /** Before the first new try; twice as long before each further one. Default 1000. */
  readonly retryDelayMs?: number;
  /** A connection that says nothing for so long is given up. Default 60000. */
  readonly silenceMs?: number;
}

/** Statuses that may be gone in a moment. */
export const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Waits before try number `attempt` (1, 2, …): as long as the server asked for, if it did, but a minute at most. */
export async function pause(
  attempt: number,
  patience: Patience,
  signal: AbortSignal | undefined,
  retryAfter?: string | null,
): Promise<void> {
  const asked = Number(retryAfter) * 1000;
  const own = (patience.retryDelayMs ?? 1000) * 2 ** (attempt - 1);
  await delay(Math.min(60_000, asked > 0 ? asked : own), undefined, { signal });
}

export interface Watch {
  readonly signal: AbortSignal;
  /** Something came: the silence begins anew. */
  heard(): void;
  stop(): void;
}

/** A signal that also fires when nobody has called `heard` for `silenceMs`. */
export function whenSilent(patience: Patience, signal: AbortSignal | undefined): Watch {
  const silence = new AbortController();
  const silenceMs = patience.silenceMs ?? 60_000;
  const timer = setTimeout(
    () => silence.abort(new Error(`nothing came for ${silenceMs / 1000} s`)),
    silenceMs,
  );
  return {
    signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
    heard: () => void timer.refresh(),
    stop: () => clearTimeout(timer),
  };
}
