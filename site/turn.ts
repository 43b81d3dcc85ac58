import { CampanileError } from '../src/errors.ts';
import { OPENING, sayFetching } from './fetching.ts';

export interface Told {
  readonly status: (text: string) => void;
  readonly busy: (running: boolean) => void;
}

/** One computer, one figure at a time: a turn ends when another begins. */
let running: { readonly told: Told; readonly end: (why: string) => void } | undefined;

/** Ends the turn of this figure, if it has it. */
export function stopRunning(told: Told): void {
  if (running?.told === told) running.end('stopped');
}

/** Does what needs the model, and says how it goes. What it waits for has to end when the signal says so. */
export async function turn(told: Told, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  running?.end('stopped: another run began');
  const own = new AbortController();
  let over = false;
  // What comes of the work once it is over is not told: the figure may be at its next.
  const end = (why: string) => {
    if (over) return;
    over = true;
    said();
    told.status(why);
    told.busy(false);
    own.abort();
  };
  running = { told, end };
  const said = sayFetching(told.status);
  told.busy(true);
  told.status(OPENING);
  await work(own.signal).then(
    () => end(''),
    (error: unknown) => end(inWords(error)),
  );
}

export function inWords(error: unknown): string {
  if (!(error instanceof CampanileError)) return `It went wrong: ${(error as Error).message}`;
  // A form has no places in a list: far.0 stands at "far".
  const message = error.message.replace(/^(\w+)\.\d+: /, '$1: ');
  return [message, error.hint].filter(Boolean).join('; ');
}
