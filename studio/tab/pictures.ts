import { sha256 } from '../../src/checkpoint/hash.ts';
import type { RunStore } from '../../src/jobs/store.ts';
import { database, type KeptPicture, writing } from './db.ts';

/** Pictures by the hash of their content, and what jobs and parts have made, as a server's store has them. */
export const tabStore: RunStore & {
  has(name: string): Promise<boolean>;
  putOwn(bytes: Uint8Array, name: string): Promise<string>;
  calledAs(name: string): Promise<string | undefined>;
} = {
  put: (bytes) => put(bytes),
  putOwn: (bytes, name) => put(bytes, { own: 1, ...(name ? { name } : {}) }),
  calledAs: async (name) => (await (await database()).get('pictures', name))?.name,
  async get(name) {
    const found = await (await database()).get('pictures', name);
    return found && new Uint8Array(await found.file.arrayBuffer());
  },
  has: async (name) => (await (await database()).count('pictures', name)) > 0,
  manifest: async (id) => (await database()).get('manifests', id),
  async publish(id, manifest) {
    const { store, done } = (await database()).transaction('manifests', 'readwrite');
    const first = (await store.count(id)) === 0;
    if (first) await writing(store.put(manifest, id));
    await writing(done);
    return first;
  },
};

async function put(bytes: Uint8Array, told: Omit<KeptPicture, 'file'> = {}): Promise<string> {
  const name = await sha256(bytes);
  const file = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/png' });
  const { store, done } = (await database()).transaction('pictures', 'readwrite');
  const known = await store.get(name);
  if (!known || told.own) await writing(store.put({ file, ...known, ...told }, name));
  await writing(done);
  return name;
}

const addresses = new Map<string, string>();

/** Where a kept picture can be shown from, in this tab. */
export async function addressOf(name: string): Promise<string> {
  const known = addresses.get(name) ?? (await found(name));
  addresses.set(name, known);
  return known;
}

async function found(name: string): Promise<string> {
  const picture = await (await database()).get('pictures', name);
  return picture ? URL.createObjectURL(picture.file) : '';
}

/** The same for what has an address already: all that the reader brought. */
export const knownAddress = (name: string): string => addresses.get(name) ?? '';

export async function findOwnAddresses(): Promise<void> {
  const names = await (await database()).getAllKeysFromIndex('pictures', 'own');
  await Promise.all(names.map(addressOf));
}
