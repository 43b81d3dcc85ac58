/** `744 MB`, `1.87 GB`: decimal, three digits, as the hub's pages show it. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let power = 0;
  while (power < units.length - 1 && bytes >= 999.5 * 1000 ** power) power++;
  const value = bytes / 1000 ** power;
  const digits = power === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[power]}`;
}

/** `1 picture`, `2 pictures`. */
export const amount = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? '' : 's'}`;

/** Seconds as people say them: `40 ms`, `1.3 s`, `48 s`, `3 min 20 s`, `2 h 05 min`. */
export function duration(seconds: number): string {
  if (seconds > 0 && seconds < 0.0995) return seconds < 0.001 ? '< 1 ms' : `${Math.round(seconds * 1000)} ms`;
  if (seconds < 9.95 && !Number.isInteger(seconds)) return `${Math.max(0, seconds).toFixed(1)} s`;
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return `${hours} h ${twoDigits(minutes)} min`;
  return minutes > 0 ? `${minutes} min ${twoDigits(rest)} s` : `${rest} s`;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/**
 * Letters and digits of any script, lower case, joined by hyphens: a part of an anchor or of a file's name. One that is cut
 * ends in a mark of the whole, so that two that begin alike stay two.
 *
 * @param mostBytes  of its UTF-8, 10 and more: names of files end at 255
 */
export function slug(text: string, mostBytes = 80): string {
  const whole = text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  if (bytesOf(whole) <= mostBytes) return whole;
  const mark = `-${markOf(whole)}`;
  let name = '';
  let bytes = mark.length;
  for (const letter of whole) {
    bytes += bytesOf(letter);
    if (bytes > mostBytes) break;
    name += letter;
  }
  return `${name.replace(/-$/, '')}${mark}`;
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** FNV-1a of 32 bits, six digits or seven. */
export const markOf = (text: string): string =>
  new TextEncoder()
    .encode(text)
    .reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5)
    .toString(36)
    .padStart(6, '0');

/** The slug of a picture file's name, without its ending, that is not among those taken; it is taken then. */
export function freeName(file: string, taken: Set<string>): string {
  const stem = slug(file.replace(/\.[a-z0-9]+$/i, '')) || 'picture';
  let free = stem;
  for (let n = 2; taken.has(free); n++) free = `${stem}-${n}`;
  taken.add(free);
  return free;
}
