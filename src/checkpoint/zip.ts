import { CheckpointError } from '../errors.ts';

/** Far more than any torch.save of tensors has, far less than would hurt. */
const MAX_ENTRIES = 100_000;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const ENCRYPTED = 0x2041;
const SIZE_IN_EXTRA = 0xffffffff;

export const isZip = (file: Uint8Array): boolean =>
  file.length > 3 && dataView(file).getUint32(0, true) === LOCAL_ENTRY;

/**
 * The entries of a zip archive whose files are stored, not compressed, as torch.save writes them: name → bytes, views on `file`.
 *
 * Nothing is inflated, so there are no bombs. Encrypted entries, entries of one name, entries that share bytes, and sizes that
 * point out of the file are refused.
 *
 * @throws {CheckpointError} 'zip'
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function readStoredZip(file: Uint8Array): Map<string, Uint8Array> {
  const view = dataView(file);
  const { count, at: start, end } = findDirectory(view);
  const utf8 = new TextDecoder();
  const entries = new Map<string, Uint8Array>();
  const taken: { from: number; to: number; name: string }[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== DIRECTORY_ENTRY)
      throw refused(`entry ${i + 1} of its directory is missing`);
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > end) throw refused(`entry ${i + 1} of its directory is cut off`);
    const name = utf8.decode(file.subarray(at + 46, at + 46 + nameLength));
    if (flags & ENCRYPTED) throw refused(`"${name}" is encrypted`);
    if (method !== 0) throw refused(`"${name}" is compressed; torch.save stores`);
    const { size, stored, offset } = sizes(view, at, name);
    if (size !== stored) throw refused(`"${name}" is stored in ${stored} bytes, but should have ${size}`);
    const from = dataStart(view, offset, name, start);
    if (size > start - from) throw refused(`"${name}" ends outside the file`);
    if (entries.has(name)) throw refused(`two entries are called "${name}"`);
    entries.set(name, file.subarray(from, from + size));
    taken.push({ from: offset, to: from + size, name });
    at = next;
  }
  taken.sort((a, b) => a.from - b.from);
  for (const [i, { from, name }] of taken.entries())
    if (i > 0 && from < taken[i - 1]!.to) throw refused(`"${name}" and "${taken[i - 1]!.name}" share bytes`);
  return entries;
}

/** The directory stands at the end; its sizes are in the 64-bit record where there is one. */
function findDirectory(view: DataView): { count: number; at: number; end: number } {
  let end = view.byteLength - 22;
  while (end >= 0 && end >= view.byteLength - 22 - 0xffff && view.getUint32(end, true) !== END) end--;
  if (end < 0 || view.getUint32(end, true) !== END)
    throw refused('its directory is missing', 'the file was cut off: copy or download it again');
  if (end + 22 + view.getUint16(end + 20, true) !== view.byteLength) throw refused('bytes follow its end');
  let count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  let last = end;
  if (end >= 20 && view.getUint32(end - 20, true) === END_64_LOCATOR) {
    last = uint64(view, end - 12);
    if (last > end - 20 - 56 || view.getUint32(last, true) !== END_64)
      throw refused('its 64-bit directory is missing');
    count = uint64(view, last + 32);
    at = uint64(view, last + 48);
  }
  if (count > MAX_ENTRIES) throw refused(`it lists ${count} entries, at most ${MAX_ENTRIES} are read`);
  if (at > last)
    throw refused('its directory is outside the file', 'the file was cut off: copy or download it again');
  return { count, at, end: last };
}

/** Sizes over 4 GiB stand in extra field 1, in the order size, stored size, offset, each only where the short field is full. */
function sizes(view: DataView, at: number, name: string): { size: number; stored: number; offset: number } {
  const short = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
  let extra = at + 46 + view.getUint16(at + 28, true);
  const extraEnd = extra + view.getUint16(at + 30, true);
  let long = extraEnd;
  let longEnd = extraEnd;
  for (; extra + 4 <= extraEnd; extra += 4 + view.getUint16(extra + 2, true)) {
    if (view.getUint16(extra, true) !== 1) continue;
    long = extra + 4;
    longEnd = Math.min(extraEnd, long + view.getUint16(extra + 2, true));
    break;
  }
  const [size, stored, offset] = short.map((value) => {
    if (value !== SIZE_IN_EXTRA) return value;
    if (long + 8 > longEnd) throw refused(`"${name}" has no 64-bit size`);
    long += 8;
    return uint64(view, long - 8);
  }) as [number, number, number];
  return { size, stored, offset };
}

function dataStart(view: DataView, offset: number, name: string, directory: number): number {
  if (offset + 30 > directory || view.getUint32(offset, true) !== LOCAL_ENTRY)
    throw refused(`"${name}" is not where the directory says`);
  const from = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (from > directory) throw refused(`"${name}" starts outside the file`);
  return from;
}

/** Beyond 2^53 the number is inexact, and far outside any file all the same. */
const uint64 = (view: DataView, at: number): number =>
  view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;

const dataView = (file: Uint8Array): DataView => new DataView(file.buffer, file.byteOffset, file.byteLength);

const refused = (why: string, hint?: string): CheckpointError =>
  new CheckpointError('zip', `not an archive that torch.save writes: ${why}`, hint ? { hint } : {});
