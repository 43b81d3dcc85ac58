import type { Recipe } from '../src/server/api-types.ts';
import type { SharedRecipe } from './shared.ts';

/** More than any recipe has; a link that unpacks to more is no recipe. */
const LONGEST_BYTES = 1 << 20;

/**
 * A recipe as the part of an address behind `#r=`: base64url(deflate(JSON)).
 *
 * @see RFC 1950, RFC 4648 section 5
 */
export async function packRecipe(recipe: SharedRecipe): Promise<string> {
  const json = new TextEncoder().encode(JSON.stringify(recipe));
  return base64url(await piped(json, new CompressionStream('deflate')));
}

/** @throws {Error} when it is no recipe; what it says has not been checked yet */
export async function unpackRecipe(packed: string): Promise<SharedRecipe> {
  const json = new TextDecoder().decode(
    await piped(fromBase64url(packed), new DecompressionStream('deflate')),
  );
  const recipe: unknown = JSON.parse(json);
  if (!isRecipe(recipe)) throw new Error('The link holds no recipe.');
  return recipe;
}

export const isRecipe = (value: unknown): value is Recipe =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Recipe).experiment === 'string' &&
  typeof (value as Recipe).params === 'object' &&
  (value as Recipe).params !== null;

export const recipeLink = async (recipe: SharedRecipe): Promise<string> =>
  `${location.origin}${location.pathname}#r=${await packRecipe(recipe)}`;

async function piped(
  bytes: Uint8Array<ArrayBuffer>,
  through: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(through).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > LONGEST_BYTES) {
      await reader.cancel();
      throw new Error('The link holds more than a recipe.');
    }
    parts.push(value as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

const base64url = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

const fromBase64url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
