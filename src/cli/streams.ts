import { codeOf, isDiskFull, systemWords } from '../writing.ts';

/** Exit code where results could not be written. */
const UNWRITTEN = 2;

/**
 * A reader that leaves (`… | head -1`) takes nothing from a run: it goes on, its pictures are files. What else keeps
 * results from being written is said once, and the exit code says it too. Without a listener such an error would end the
 * program with a stack trace.
 */
export function surviveStreams(
  out: NodeJS.WritableStream = process.stdout,
  err: NodeJS.WritableStream = process.stderr,
): void {
  let told = false;
  out.on('error', (error: NodeJS.ErrnoException) => {
    if (codeOf(error) === 'EPIPE' || told) return;
    told = true;
    process.exitCode = UNWRITTEN;
    const why = isDiskFull(error) ? 'the disk is full' : systemWords(error);
    err.write(
      `campanile: what is printed could not be written: ${why}; what is written to files is kept all the same\n`,
    );
  });
  err.on('error', () => {}); // there is nobody to tell
}
