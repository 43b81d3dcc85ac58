import { mkdir, open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closedBy } from '../../closable.ts';
import { SHARED, writeWhole } from '../../files/whole.ts';
import { writing } from '../../writing.ts';
import type { Files } from '../files.ts';
import { isInMemory, memory, sharedStart, slashes } from '../memory.ts';
import { cacheFolder } from './cache-folder.ts';

/** Largest piece that Node reads in one call. */
const PIECE_BYTES = 2 ** 30;

const disk: Files = {
  async open(path) {
    const handle = await open(path, 'r');
    const found = await handle.stat();
    if (!found.isFile()) {
      await handle.close();
      throw Object.assign(new Error(`${path} is not a file`), { code: 'EISDIR' });
    }
    return {
      bytes: found.size,
      async read(position, length) {
        const buffer = new Uint8Array(length);
        let done = 0;
        while (done < length) {
          const piece = Math.min(length - done, PIECE_BYTES);
          const { bytesRead } = await handle.read(buffer, done, piece, position + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return done === length ? buffer : buffer.slice(0, done);
      },
      ...closedBy(() => handle.close()),
    };
  },
  read: async (path) => new Uint8Array(await readFile(path)),
  text: (path) => readFile(path, 'utf8'),
  names: (folder) => readdir(folder),
  real: (path) => realpath(path),
  async version(path) {
    const { size, mtimeMs } = await stat(path);
    return `${size} ${mtimeMs}`;
  },
  checked: async () => undefined,
  async write(path, parts) {
    await writing(path, () => mkdir(dirname(path), { recursive: true }));
    await writeWhole(path, Buffer.concat(parts), { mode: SHARED });
  },
  at: fileURLToPath,
  join,
  commonFolder: (paths) => sharedStart(paths, sep),
  within: (folder, path) => relative(folder, path).split(sep).join('/'),
  get cacheFolder() {
    return cacheFolder();
  },
};

const of = (address: string): Files => (isInMemory(address) ? memory : disk);

export const files: Files = {
  open: (address) => of(address).open(address),
  read: (address) => of(address).read(address),
  text: (address) => of(address).text(address),
  names: (folder) => of(folder).names(folder),
  real: (address) => of(address).real(address),
  version: (address) => of(address).version(address),
  checked: (address) => of(address).checked(address),
  write: (address, parts) => of(address).write(address, parts),
  at: disk.at,
  join: (first = '', ...parts) => (isInMemory(first) ? slashes : disk).join(first, ...parts),
  commonFolder: (addresses) => of(addresses[0] ?? '').commonFolder(addresses),
  within: (folder, address) => of(folder).within(folder, address),
  get cacheFolder() {
    return disk.cacheFolder;
  },
};
