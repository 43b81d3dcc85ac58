import { ResourceError } from '../../errors.ts';
import { hex, type StartHash } from '../hash.ts';
import { free } from './free.js';

const utf8 = new TextEncoder();

/** The platform hashes in one go only, so that the parts are kept until then. */
export const startHash: StartHash = () => {
  const parts: BlobPart[] = [];
  return {
    update(part) {
      // A view may be reused by whoever gave it.
      parts.push(typeof part === 'string' ? utf8.encode(part) : part.slice());
      return this;
    },
    async digest() {
      const whole = await new Blob(parts).arrayBuffer();
      parts.length = 0;
      return new Uint8Array(await subtle().digest('SHA-256', whole));
    },
  };
};

/** sha256 of a whole file, without the copies that parts need: 64 hex digits. */
export async function sha256Of(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer();
  const digest = await subtle().digest('SHA-256', bytes);
  free(bytes);
  return hex(new Uint8Array(digest));
}

function subtle(): SubtleCrypto {
  if (globalThis.isSecureContext) return crypto.subtle;
  throw new ResourceError(
    'insecure-page',
    'the browser checks no files on a page that came over plain http',
    {
      hint: 'open the page over https, or from localhost',
    },
  );
}
