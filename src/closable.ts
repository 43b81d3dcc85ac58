/**
 * What holds memory, threads, files or connections until it is closed: by `close`, or at the end of an `await using`
 * (not in code that browsers run: some have no `Symbol.asyncDispose` yet).
 */
export interface Closable extends AsyncDisposable {
  /** Gives everything back; once closed, nothing else may be asked of it. */
  close(): Promise<void>;
}

/** Both ways to close, for an object that is written out. */
export const closedBy = (close: () => Promise<void>): Closable => ({ close, [Symbol.asyncDispose]: close });
