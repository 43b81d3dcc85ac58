import { slug } from '../words.ts';

/** What a client calls its file, without folders and what no name has. */
export const plainName = (name: string): string =>
  name
    .slice(name.lastIndexOf('/') + 1)
    .slice(-255)
    .replace(/^.*\\/s, '')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .trim();

/** What stands before the last point of a file's name. */
const stemOf = (name: string): string =>
  name.lastIndexOf('.') > 0 ? name.slice(0, name.lastIndexOf('.')) : name;

/**
 * The header that names a PNG after what it shows.
 *
 * @param names  the first that leaves something of itself is taken
 * @see RFC 6266 and RFC 8187, for letters beyond ASCII
 */
export function pngNamed(
  disposition: 'inline' | 'attachment',
  ...names: readonly (string | undefined)[]
): string {
  const name = names.map((text) => slug(stemOf(text ?? ''))).find(Boolean) ?? 'picture';
  const plain = name.replace(/[^\x20-\x7e]/g, '-');
  const full = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `${disposition}; filename="${plain}.png"${plain === name ? '' : `; filename*=UTF-8''${full}.png`}`;
}
