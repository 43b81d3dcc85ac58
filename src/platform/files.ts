import type { Closable } from '../closable.ts';

/** A file being read, at any place in it. */
export interface StoredFile extends Closable {
  readonly bytes: number;
  /** `length` bytes from `position` on; fewer where the file ends before. */
  read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Files by address: paths in Node, URLs in a browser, and in both `memory:` addresses of `keptInMemory`. What cannot be read throws
 * the platform's own error, whose `code` is 'ENOENT' where there is nothing at the address.
 */
export interface Files {
  open(address: string): Promise<StoredFile>;
  read(address: string): Promise<Uint8Array<ArrayBuffer>>;
  text(address: string): Promise<string>;
  /** What lies in a folder. */
  names(folder: string): Promise<readonly string[]>;
  /** The address with all links followed. */
  real(address: string): Promise<string>;
  /** Of a file at two times: different when it may have changed. Undefined where that cannot be seen. */
  version(address: string): Promise<string | undefined>;
  /** The sha256, 64 hex digits, against which the content was checked when it came; undefined where nobody announced one. */
  checked(address: string): Promise<string | undefined>;
  /**
   * Writes a file that appears only when it is complete, and the folder it lies in where that is missing.
   *
   * @throws {OutputError} 'disk-full' or 'cannot-write'
   */
  write(address: string, parts: readonly Uint8Array[]): Promise<void>;
  /** The address of what came with the program. */
  at(url: URL): string;
  join(...parts: readonly string[]): string;
  /** The deepest folder that all the files lie in. */
  commonFolder(addresses: readonly string[]): string;
  /** Where a file lies in a folder above it, with slashes. */
  within(folder: string, address: string): string;
  /** Where things may be kept that can be made again; `memory:` where nothing outlives the page. */
  readonly cacheFolder: string;
}

/** Whether an error says that there is nothing at the address. */
export const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as { code?: string } | undefined)?.code ?? '');
