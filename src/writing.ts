import { getSystemErrorMap } from 'node:util';
import { OutputError } from './errors.ts';

const FULL = ['ENOSPC', 'EDQUOT'];

/** What to do when a place cannot be written. */
export interface WritingHints {
  readonly elsewhere?: string;
  readonly full?: string;
}

/**
 * Does work that writes `path`, and says in words why the system did not let it.
 *
 * @throws {OutputError} 'disk-full' or 'cannot-write'; what is not the system's goes through untouched
 */
export async function writing<T>(
  path: string,
  write: () => Promise<T>,
  { elsewhere, full = 'free some space and run the same command again' }: WritingHints = {},
): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    const { code = '', errno, syscall } = cause as NodeJS.ErrnoException;
    if (FULL.includes(code))
      throw new OutputError('disk-full', `the disk is full: ${path} could not be written`, {
        hint: full,
        cause,
      });
    if (syscall === undefined) throw cause;
    const [, reason = code] = getSystemErrorMap().get(errno ?? 0) ?? [];
    throw new OutputError('cannot-write', `cannot write ${path}: ${reason}`, {
      ...(elsewhere && { hint: elsewhere }),
      cause,
    });
  }
}
