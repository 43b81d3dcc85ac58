import { isPicture } from '../../images/codec.ts';
import { RefusedError } from '../problem.ts';

/** Base64, with or without a data URL's head, white space between; undefined when it is anything else. In linear time. */
export function decoded(text: string): Buffer | undefined {
  const comma = text.startsWith('data:') ? text.slice(0, 200).indexOf(',') : -1;
  if (comma >= 0 && !text.slice(0, comma).endsWith(';base64')) return undefined;
  const plain = text.slice(comma + 1);
  if (/[^A-Za-z0-9+/=\s]/.test(plain)) return undefined;
  const end = plain.indexOf('=');
  if (end >= 0 && /[^=\s]/.test(plain.slice(end))) return undefined;
  const bytes = Buffer.from(plain, 'base64');
  return bytes.length > 0 ? bytes : undefined;
}

/** @throws {RefusedError} 422 when it is no base64; addresses are never followed */
export function fromBase64(text: string): Buffer {
  const bytes = decoded(text);
  if (bytes) return bytes;
  throw new RefusedError(422, 'base64', 'expected a picture in base64', {
    hint: 'addresses and paths are not followed',
  });
}

/** The picture that a text is; undefined when it is something else, such as a prompt. */
export function pictureIn(text: string): Buffer | undefined {
  const bytes = decoded(text);
  return bytes && isPicture(bytes) ? bytes : undefined;
}
