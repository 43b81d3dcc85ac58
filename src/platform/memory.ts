import { closedBy } from '../closable.ts';
import { ArgumentError } from '../errors.ts';
import type { Files, StoredFile } from './files.ts';

const SCHEME = 'memory:';
const kept = new Map<string, Blob>();

export const isInMemory = (address: string): boolean => address.startsWith(SCHEME);

/**
 * Files that lie in memory, under an address that can be given wherever a folder of files can: a checkpoint dropped onto a page, or
 * made a moment ago.
 *
 * @param name  of the folder, for people; another folder of the same name is replaced
 * @param files  path inside the folder, with slashes → content
 * @returns the folder's address
 */
export function keptInMemory(name: string, files: Readonly<Record<string, Uint8Array | Blob>>): string {
  if (typeof name !== 'string' || name === '') throw new ArgumentError('name', name, 'a name, as a text');
  if (typeof files !== 'object' || files === null || !Object.values(files).every(isContent))
    throw new ArgumentError('files', files, 'a Uint8Array or a Blob for each path');
  const folder = SCHEME + name.replaceAll('/', ' ');
  for (const address of kept.keys()) if (address.startsWith(`${folder}/`)) kept.delete(address);
  for (const [path, content] of Object.entries(files))
    kept.set(
      `${folder}/${path}`,
      content instanceof Blob ? content : new Blob([content as Uint8Array<ArrayBuffer>]),
    );
  return folder;
}

const isContent = (content: unknown): boolean => content instanceof Blob || content instanceof Uint8Array;

export function blobInMemory(address: string): Blob {
  const blob = kept.get(address);
  if (!blob) throw missing(address);
  return blob;
}

export const missing = (address: string): Error =>
  Object.assign(new Error(`nothing is at ${address}`), { code: 'ENOENT' });

/** The files among `addresses` that lie below the folder, as names of what lies in it. */
export const namesIn = (folder: string, addresses: Iterable<string>): readonly string[] => {
  const inside = [...addresses].filter((address) => address.startsWith(`${folder}/`));
  return [...new Set(inside.map((address) => address.slice(folder.length + 1).split('/')[0]!))];
};

/** So much of a blob is taken into memory at once: what is read bit by bit is asked for some hundred times. */
const AHEAD_BYTES = 2 ** 22;

export function openedBlob(blob: Blob): StoredFile {
  let [from, ahead] = [0, new Uint8Array()];
  return {
    bytes: blob.size,
    async read(position, length) {
      if (position < from || position + length > from + ahead.length) {
        const part = blob.slice(position, position + Math.max(length, AHEAD_BYTES));
        [from, ahead] = [position, new Uint8Array(await part.arrayBuffer())];
      }
      return ahead.slice(position - from, position - from + length);
    },
    ...closedBy(async () => {}),
  };
}

/** The part of `Files` that addresses with slashes share. */
export const slashes: Pick<Files, 'at' | 'join' | 'commonFolder' | 'within'> = {
  at: (url) => url.href,
  join: (...parts) => parts.join('/'),
  commonFolder: (addresses) => sharedStart(addresses, '/'),
  within: (folder, address) => address.slice(folder.length + 1),
};

export function sharedStart(addresses: readonly string[], separator: string): string {
  const folders = addresses.map((address) => address.split(separator).slice(0, -1));
  const shared = folders.reduce((a, b) => {
    const fork = a.findIndex((part, i) => part !== b[i]);
    return fork < 0 ? a : a.slice(0, fork);
  });
  return shared.join(separator) || separator;
}

export const memory: Files = {
  ...slashes,
  open: async (address) => openedBlob(blobInMemory(address)),
  read: async (address) => new Uint8Array(await blobInMemory(address).arrayBuffer()),
  text: async (address) => await blobInMemory(address).text(),
  async names(folder) {
    const names = namesIn(folder, kept.keys());
    if (names.length === 0) throw missing(folder);
    return names;
  },
  real: async (address) => address,
  version: async () => undefined,
  checked: async () => undefined,
  write: async (address, parts) => void kept.set(address, new Blob([...parts] as Uint8Array<ArrayBuffer>[])),
  cacheFolder: `${SCHEME}cache`,
};
