import { OutputError } from '../../errors.ts';
import { type Files, isMissing } from '../files.ts';
import { blobInMemory, isInMemory, memory, missing, namesIn, openedBlob, slashes } from '../memory.ts';
import { fetched } from './fetched.ts';

/** What can be fetched of a checkpoint whose folder cannot be listed: the files that diffusers and transformers write. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  unet: ['config.json', 'diffusion_pytorch_model.safetensors'],
  text_encoder: ['config.json', 'model.safetensors'],
  tokenizer: ['tokenizer.json', 'spiece.model'],
};

/** Path → sha256, as `provenance.json` at the root of a checkpoint lists its files. */
type Listing = Readonly<Record<string, string>>;
const listings = new Map<string, Promise<Listing | undefined>>();

async function listingOf(folder: string): Promise<Listing | undefined> {
  const known = listings.get(folder) ?? readListing(folder);
  listings.set(folder, known);
  return known;
}

async function readListing(folder: string): Promise<Listing | undefined> {
  try {
    const text = await (await fetched(locate(`${folder}/provenance.json`))).text();
    return (JSON.parse(text) as { sha256?: Listing }).sha256;
  } catch (error) {
    // Of a folder that has none. One that cannot be fetched now would leave the rest unchecked, and fetched for nothing.
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    listings.delete(folder);
    throw error;
  }
}

/** Folders whose files lie at addresses of their own, as a bundler places them: address → URL. */
const placed = new Map<string, string>();

/** Gives a folder whose files lie at addresses of their own the address `folder`. */
export function place(folder: string, urls: Readonly<Record<string, string>>): string {
  for (const [path, url] of Object.entries(urls)) placed.set(`${folder}/${path}`, url);
  return folder;
}

const isPlaced = (folder: string): boolean => namesIn(folder, placed.keys()).length > 0;

function locate(address: string): string {
  const url = placed.get(address);
  if (url) return url;
  if (isPlaced(address.slice(0, address.indexOf('/')))) throw missing(address);
  return address;
}

/** The folder of a checkpoint that lists its files, and the path in it: the folder above, or one further up. */
async function listed(
  address: string,
): Promise<{ readonly path: string; readonly listing: Listing } | undefined> {
  const parts = address.split('/');
  for (const depth of [1, 2]) {
    const folder = parts.slice(0, -depth).join('/');
    const listing = await listings.get(folder);
    if (listing) return { path: parts.slice(-depth).join('/'), listing };
  }
  return undefined;
}

async function blobOf(address: string): Promise<Blob> {
  if (isInMemory(address)) return blobInMemory(address);
  const found = await listed(address);
  return fetched(locate(address), { sha256: found?.listing[found.path] });
}

export const files: Files = {
  ...slashes,
  async open(address) {
    return openedBlob(await blobOf(address));
  },
  async read(address) {
    return new Uint8Array(await (await blobOf(address)).arrayBuffer());
  },
  async text(address) {
    return (await blobOf(address)).text();
  },
  async names(folder) {
    if (isInMemory(folder)) return memory.names(folder);
    if (isPlaced(folder)) {
      await listingOf(folder);
      return namesIn(folder, placed.keys());
    }
    const above = folder.slice(0, folder.lastIndexOf('/'));
    for (const [root, reading] of [
      [above, listings.get(above)],
      [folder, listingOf(folder)],
    ] as const) {
      const listing = await reading;
      if (listing)
        return namesIn(
          folder,
          Object.keys(listing).map((path) => `${root}/${path}`),
        );
    }
    return USUAL[folder.slice(folder.lastIndexOf('/') + 1)] ?? ['model_index.json'];
  },
  real: async (address) => address,
  version: async () => undefined,
  async checked(address) {
    const found = isInMemory(address) ? undefined : await listed(address);
    return found?.listing[found.path];
  },
  async write(address, parts) {
    if (isInMemory(address)) return memory.write(address, parts);
    throw new OutputError('cannot-write', `a page has no folder for ${address}`, {
      hint: 'encodePng gives the bytes: offer them as a download, or keep them where the page keeps its things',
    });
  },
  cacheFolder: memory.cacheFolder,
};

/** The bytes behind an address, for who hands them on. */
export { blobOf };
