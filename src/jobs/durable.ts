import { randomUUID } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OutputError } from '../errors.ts';

/**
 * Writes a file so that it is either wholly there or not at all, whatever dies when: temporary file, fsync, rename, fsync
 * of the folder.
 *
 * @throws {OutputError} `disk-full` or `cannot-write`; the old content stays
 */
export async function writeDurably(path: string, data: string | Uint8Array): Promise<void> {
  await written(path, data, (temporary) => rename(temporary, path));
}

/**
 * The same, but never over a file that is there.
 *
 * @returns whether this call made it
 */
export async function createDurably(path: string, data: string | Uint8Array): Promise<boolean> {
  try {
    await written(path, data, async (temporary) => {
      await link(temporary, path);
      await rm(temporary);
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function written(
  path: string,
  data: string | Uint8Array,
  publish: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await publish(temporary);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw asOutputError(error, path);
  }
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be opened there
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export const codeOf = (error: unknown): string | undefined =>
  (error as NodeJS.ErrnoException | undefined)?.code;

export function asOutputError(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new OutputError('disk-full', `no space is left to write ${path}`, {
      hint: 'free some space; what was accepted before is safe and goes on by itself',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new OutputError('cannot-write', `${path} may not be written (${code})`, {
      hint: 'choose another folder with --state, or change its owner',
      cause: error,
    });
  }
  return error;
}
