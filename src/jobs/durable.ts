import { randomUUID } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writing } from '../writing.ts';

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
  return written(path, data, async (temporary) => {
    try {
      await link(temporary, path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(temporary);
    }
  });
}

function written<T>(
  path: string,
  data: string | Uint8Array,
  publish: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  return storing(path, async () => {
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(data);
        await file.sync();
      } finally {
        await file.close();
      }
      const made = await publish(temporary);
      await syncFolder(dirname(path));
      return made;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
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

/** `writing`, with what helps where jobs and their pictures are kept. */
export const storing = <T>(path: string, write: () => Promise<T>): Promise<T> =>
  writing(path, write, {
    elsewhere: 'choose another folder with --state or --store, or change its owner',
    full: 'free some space; what was accepted before is safe and goes on by itself',
  });
