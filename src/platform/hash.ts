/** sha256 over parts as they come. */
export interface Hash {
  update(part: string | Uint8Array): Hash;
  /** 32 bytes; no part may follow. */
  digest(): Promise<Uint8Array>;
}
export type StartHash = () => Hash;

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
