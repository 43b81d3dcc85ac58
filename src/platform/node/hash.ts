import { createHash } from 'node:crypto';
import type { StartHash } from '../hash.ts';

export const startHash: StartHash = () => {
  const hash = createHash('sha256');
  return {
    update(part) {
      hash.update(part);
      return this;
    },
    digest: async () => new Uint8Array(hash.digest()),
  };
};

/** For code of Node alone, at once: 64 hex digits. */
export const sha256Sync = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex');
