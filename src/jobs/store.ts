import { access, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../experiments/recipe.ts';
import { asOutputError, codeOf, createDurably, writeDurably } from './durable.ts';
import type { FigureInfo, Recipe } from './job.ts';

/** What a job has made. Written last and never changed: a job is finished when its manifest is there. */
export interface Manifest {
  readonly recipe: Recipe;
  readonly figures: readonly FigureInfo[];
  readonly seconds: number;
}

/** Files by the hash of their content, and manifests by the id of their job. Safe for many writers at once. */
export interface ArtifactStore {
  /** @returns the sha256 of the bytes, 64 hex digits, by which they are found again */
  put(bytes: Uint8Array): Promise<string>;
  /** Undefined when there is no such object, or its bytes have been damaged. */
  get(name: string): Promise<Buffer | undefined>;
  has(name: string): Promise<boolean>;
  /** @returns false when the job has a manifest already: that one counts */
  publish(jobId: string, manifest: Manifest): Promise<boolean>;
  manifest(jobId: string): Promise<Manifest | undefined>;
}

/** Objects and jobs are named by such; anything else never becomes part of a path. */
export const isSha256 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/**
 * A folder, which several machines may share.
 *
 *     objects/<sha256>         the file
 *     manifests/<job>.json     what the job made
 */
export class FolderStore implements ArtifactStore {
  readonly #objects: string;
  readonly #manifests: string;

  private constructor(folder: string) {
    this.#objects = join(folder, 'objects');
    this.#manifests = join(folder, 'manifests');
  }

  /** @throws {OutputError} when the folder cannot be made */
  static async open(folder: string): Promise<FolderStore> {
    const store = new FolderStore(folder);
    for (const path of [store.#objects, store.#manifests]) {
      try {
        await mkdir(path, { recursive: true, mode: 0o700 });
      } catch (error) {
        throw asOutputError(error, path);
      }
    }
    return store;
  }

  /** Removes what died half-written. Only for the owner of the folder: others may be writing. */
  async tidy(): Promise<void> {
    for (const folder of [this.#objects, this.#manifests]) {
      for (const name of await readdir(folder))
        if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true });
    }
  }

  async put(bytes: Uint8Array): Promise<string> {
    const name = sha256(bytes);
    if (!(await this.get(name))) await writeDurably(join(this.#objects, name), bytes);
    return name;
  }

  async get(name: string): Promise<Buffer | undefined> {
    const bytes = isSha256(name) ? await readIfThere(join(this.#objects, name)) : undefined;
    return bytes && sha256(bytes) === name ? bytes : undefined;
  }

  async has(name: string): Promise<boolean> {
    return isSha256(name) && isThere(join(this.#objects, name));
  }

  async publish(jobId: string, manifest: Manifest): Promise<boolean> {
    return createDurably(join(this.#manifests, `${jobId}.json`), JSON.stringify(manifest));
  }

  async manifest(jobId: string): Promise<Manifest | undefined> {
    const bytes = await readIfThere(join(this.#manifests, `${jobId}.json`));
    return bytes && JSON.parse(bytes.toString('utf8'));
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
