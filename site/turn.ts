import { CampanileError } from '../src/errors.ts';
import { OPENING, sayFetching } from './fetching.ts';

/** One computer, one figure at a time: a turn ends when another begins. */
let running: AbortController | undefined;

export const stopRunning = (): void => running?.abort();

export interface Told {
  readonly status: (text: string) => void;
  readonly busy: (running: boolean) => void;
}

/** Does what needs the model, and says how it goes. What it waits for has to end when the signal says so. */
export async function turn(told: Told, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  running?.abort();
  const own = new AbortController();
  running = own;
  const said = sayFetching(told.status);
  told.busy(true);
  try {
    told.status(OPENING);
    await work(own.signal);
    told.status('');
  } catch (error) {
    if (!own.signal.aborted) told.status(inWords(error));
    else if (running === own) told.status('stopped');
  } finally {
    said();
    if (running === own) told.busy(false);
  }
}

export function inWords(error: unknown): string {
  if (!(error instanceof CampanileError)) return `It went wrong: ${(error as Error).message}`;
  return [error.message, error.hint].filter(Boolean).join('; ');
}
