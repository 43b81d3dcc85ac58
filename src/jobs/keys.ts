import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createWhole } from '../files/whole.ts';
import { sha256Sync } from '../platform/node/hash.ts';
import { inState } from './storing.ts';

/** How long an Idempotency-Key is remembered at least: a day. */
export const KEY_MS = 86_400_000;

/** Idempotency-Keys as files: `keys/<sha256 of the key>` holds the digest of what was sent with it first. */
export class KeyFiles {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<KeyFiles> {
    const keys = new KeyFiles(join(folder, 'keys'));
    await mkdir(keys.#folder, { recursive: true, mode: 0o700 });
    await keys.#forgetOld();
    return keys;
  }

  async tie(key: string, digest: string): Promise<string> {
    const path = join(this.#folder, sha256Sync(key));
    return (await createWhole(path, digest, inState)) ? digest : readFile(path, 'utf8');
  }

  async #forgetOld(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      if (Date.now() - (await stat(path)).mtimeMs > KEY_MS) await rm(path, { force: true });
    }
  }
}
