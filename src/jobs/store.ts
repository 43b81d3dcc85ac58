import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { createWhole, writeWhole } from '../files/whole.ts';
import { sha256Sync } from '../platform/node/hash.ts';
import { codeOf } from '../writing.ts';
import type { FigureInfo, Recipe } from './job.ts';
import { inState, storing } from './storing.ts';

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
  /** Keeps the steps of a walk as an object. Where that can be known, the oldest go when all take more than `mostBytes`. */
  keepSteps(file: Uint8Array, mostBytes: number): Promise<string>;
  /** Undefined when there is no such object, or its bytes have been damaged. */
  get(name: string): Promise<Uint8Array | undefined>;
  has(name: string): Promise<boolean>;
  /** Keeps what somebody called an object's file; the last one counts. */
  call(name: string, fileName: string): Promise<void>;
  calledAs(name: string): Promise<string | undefined>;
  /** @returns false when the job has a manifest already: that one counts */
  publish(jobId: string, manifest: Manifest): Promise<boolean>;
  manifest(jobId: string): Promise<Manifest | undefined>;
}

/** What a run asks of the store. */
export type RunStore = Pick<ArtifactStore, 'put' | 'get' | 'manifest' | 'publish'>;

/** Objects and jobs are named by such; anything else never becomes part of a path. */
export const isSha256 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/**
 * A folder, which several machines may share.
 *
 *     objects/<sha256>         the file
 *     names/<sha256>           what somebody called it
 *     steps/<sha256>           the steps of a walk
 *     manifests/<job>.json     what the job made
 */
export class FolderStore implements ArtifactStore {
  readonly #objects: string;
  readonly #manifests: string;
  readonly #names: string;
  readonly #steps: string;

  private constructor(folder: string) {
    this.#objects = join(folder, 'objects');
    this.#manifests = join(folder, 'manifests');
    this.#names = join(folder, 'names');
    this.#steps = join(folder, 'steps');
  }

  /** @throws {OutputError} when the folder cannot be made */
  static async open(folder: string): Promise<FolderStore> {
    const store = new FolderStore(folder);
    for (const path of [store.#objects, store.#manifests, store.#names, store.#steps]) {
      await storing(path, () => mkdir(path, { recursive: true, mode: 0o700 }));
    }
    return store;
  }

  /** Removes what died half-written. Only for the owner of the folder: others may be writing. */
  async tidy(): Promise<void> {
    for (const folder of [this.#objects, this.#manifests, this.#names, this.#steps]) {
      for (const name of await readdir(folder))
        if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true });
    }
  }

  async put(bytes: Uint8Array): Promise<string> {
    const name = sha256Sync(bytes);
    const known = (await this.has(name)) && (await this.get(name));
    if (!known) await writeWhole(join(this.#objects, name), bytes, inState);
    return name;
  }

  async keepSteps(file: Uint8Array, mostBytes: number): Promise<string> {
    const name = sha256Sync(file);
    await writeWhole(join(this.#steps, name), file, inState);
    const kept: { path: string; bytes: number; time: number }[] = [];
    for (const other of await readdir(this.#steps)) {
      const path = join(this.#steps, other);
      const found = isSha256(other) && (await stat(path).catch(() => undefined));
      if (found) kept.push({ path, bytes: found.size, time: found.mtimeMs });
    }
    kept.sort((a, b) => b.time - a.time);
    let all = 0;
    for (const { path, bytes } of kept) {
      all += bytes;
      if (all > mostBytes) await rm(path, { force: true });
    }
    return name;
  }

  async get(name: string): Promise<Buffer | undefined> {
    if (!isSha256(name)) return undefined;
    const bytes =
      (await readIfThere(join(this.#objects, name))) ?? (await readIfThere(join(this.#steps, name)));
    return bytes && sha256Sync(bytes) === name ? bytes : undefined;
  }

  /** What is asked for counts as new again, so that nobody removes it who did not know yet what it is wanted for. */
  async has(name: string): Promise<boolean> {
    return isSha256(name) && touched(join(this.#objects, name));
  }

  async call(name: string, fileName: string): Promise<void> {
    if (isSha256(name)) await writeWhole(join(this.#names, name), fileName, inState);
  }

  async calledAs(name: string): Promise<string | undefined> {
    return isSha256(name) ? (await readIfThere(join(this.#names, name)))?.toString('utf8') : undefined;
  }

  async publish(jobId: string, manifest: Manifest): Promise<boolean> {
    return createWhole(join(this.#manifests, `${jobId}.json`), JSON.stringify(manifest), inState);
  }

  async manifest(jobId: string): Promise<Manifest | undefined> {
    const bytes = await readIfThere(join(this.#manifests, `${jobId}.json`));
    return bytes && JSON.parse(bytes.toString('utf8'));
  }

  /**
   * Removes the manifests of jobs that are forgotten, then objects that nothing speaks of; never what was written, put
   * again or asked for since `before`.
   *
   * @param jobs  ids of jobs whose manifests stay
   * @param used  objects that stay, beside those of the manifests that are left; asked for as late as possible
   */
  async prune(
    before: Date,
    jobs: ReadonlySet<string>,
    used: () => Promise<ReadonlySet<string>>,
  ): Promise<void> {
    const forgotten = (await olderThan(this.#manifests, before)).filter(
      (name) => !jobs.has(name.slice(0, 64)),
    );
    for (const name of forgotten) await rm(join(this.#manifests, name), { force: true });
    const old = await olderThan(this.#objects, before);
    const kept = new Set(await used());
    for (const name of await readdir(this.#manifests)) {
      const bytes = await readIfThere(join(this.#manifests, name));
      for (const object of objectsIn(String(bytes))) kept.add(object);
    }
    for (const name of old) {
      if (kept.has(name)) continue;
      for (const folder of [this.#objects, this.#names]) await rm(join(folder, name), { force: true });
    }
  }
}

/** Everything in a text that is named like an object. */
export const objectsIn = (text: string): readonly string[] => text.match(/\b[0-9a-f]{64}\b/g) ?? [];

async function olderThan(folder: string, before: Date): Promise<readonly string[]> {
  const old: string[] = [];
  for (const name of await readdir(folder)) {
    const modified = await stat(join(folder, name)).catch(() => undefined);
    if (modified && modified.mtime < before) old.push(name);
  }
  return old;
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** @returns whether there is such a file, whose time is now then */
async function touched(path: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(path, now, now);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ENOENT';
  }
}
