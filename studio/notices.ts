import { RefusedError } from './backend.ts';
import { createStore } from './store.ts';

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly detail?: string | undefined;
  readonly tone: 'plain' | 'bad';
  readonly action?: { readonly label: string; run(): void } | undefined;
}

export const notices = createStore<readonly Notice[]>([]);

let next = 1;
const LONG_ENOUGH_MS = 8000;

export function notify(text: string, more: Partial<Pick<Notice, 'detail' | 'tone' | 'action'>> = {}): void {
  const notice: Notice = { id: next++, text, tone: 'plain', ...more };
  notices.set((all) => [...all.filter((one) => one.text !== text).slice(-3), notice]);
  // What went wrong, or waits for an answer, stays until it is sent away.
  if (notice.tone === 'plain' && !notice.action) setTimeout(() => dismiss(notice.id), LONG_ENOUGH_MS);
}

export const dismiss = (id: number): void => notices.set((all) => all.filter((notice) => notice.id !== id));

/** What went wrong before is over: what was tried again has worked, or the reader has gone elsewhere. */
export const forgive = (): void => notices.set((all) => all.filter(({ tone }) => tone !== 'bad'));

/** An error in the words of who made it. */
export function complain(error: unknown): void {
  const hint = error instanceof RefusedError ? error.problem.hint : undefined;
  notify(error instanceof Error ? error.message : String(error), { tone: 'bad', detail: hint });
}
