import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, type WritingHints, writing } from '../writing.ts';

export interface WholeOptions extends WritingHints {
  /** Permissions of a new file; the user's alone by default. */
  readonly mode?: number;
}

/** Of all a user's programs, as the user's mask allows. */
export const SHARED = 0o666;

/**
 * Writes a file so that it is either wholly there or not at all, whatever dies when: temporary file, fsync, rename, fsync
 * of the folder.
 *
 * @throws {OutputError} `disk-full` or `cannot-write`; the old content stays
 */
export async function writeWhole(
  path: string,
  data: string | Uint8Array,
  options?: WholeOptions,
): Promise<void> {
  await written(path, data, options, (temporary) => rename(temporary, path));
}

/**
 * The same, but never over a file that is there.
 *
 * @returns whether this call made it
 */
export async function createWhole(
  path: string,
  data: string | Uint8Array,
  options?: WholeOptions,
): Promise<boolean> {
  return written(path, data, options, async (temporary) => {
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

/** Writes a file unless it says just that already: a folder that is finished may be read-only. */
export async function writeChanged(path: string, data: string, options?: WholeOptions): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) !== data) await writeWhole(path, data, options);
}

function written<T>(
  path: string,
  data: string | Uint8Array,
  { mode = 0o600, ...hints }: WholeOptions = {},
  publish: (temporary: string) => Promise<T>,
): Promise<T> {
  // The name stays short: that of the file may already be as long as a name can be.
  const temporary = join(dirname(path), `.${basename(path).slice(0, 40)}.${randomUUID()}.tmp`);
  return writing(
    path,
    async () => {
      try {
        const file = await open(temporary, 'wx', mode);
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
    },
    hints,
  );
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
