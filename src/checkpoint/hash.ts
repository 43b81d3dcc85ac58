import { startHash } from '#platform/hash';
import { hex } from '../platform/hash.ts';

/** sha256 of the parts one after the other: 64 hex digits. */
export async function sha256(...parts: readonly (string | Uint8Array)[]): Promise<string> {
  const hash = startHash();
  for (const part of parts) hash.update(part);
  return hex(await hash.digest());
}
