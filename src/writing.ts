import { getSystemErrorMap } from 'node:util';
import { OutputError } from './errors.ts';

/** 'ENOENT' and its like; undefined for what is not the system's. */
export const codeOf = (error: unknown): string | undefined =>
  (error as NodeJS.ErrnoException | undefined)?.code;

const FULL = ['ENOSPC', 'EDQUOT'];

export const isDiskFull = (error: unknown): boolean => FULL.includes(codeOf(error) ?? '');

/** What the system calls its error: 'permission denied'. */
export function systemWords({ errno, code = '' }: NodeJS.ErrnoException): string {
  const [, words = code] = getSystemErrorMap().get(errno ?? 0) ?? [];
  return words;
}

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
    if (isDiskFull(cause))
      throw new OutputError('disk-full', `the disk is full: ${path} could not be written`, {
        hint: full,
        cause,
      });
    const error = cause as NodeJS.ErrnoException;
    if (error.syscall === undefined) throw cause;
    throw new OutputError('cannot-write', `cannot write ${path}: ${systemWords(error)}`, {
      ...(elsewhere && { hint: elsewhere }),
      cause,
    });
  }
}
