import { files } from '#platform/files';
import { CheckpointError, DownloadError } from '../errors.ts';
import type { StoredFile } from '../platform/files.ts';
import { promised } from '../tensor/check.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Dtype, dtypeOf, dtypes } from './dtypes.ts';
import { findDuplicateName } from './json.ts';

const FETCH = 'fetch it again: the download may not have been finished';
const DAMAGED = 'fetch it again; if it arrives the same, it was made wrong';

/** Where the numbers of a tensor lie: `length` bytes from `offset` of `file`, little-endian, row by row. */
export interface TensorEntry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

export const MAX_HEADER_BYTES = 100_000_000;

/**
 * Reads what a file holds, not the numbers.
 *
 *     8 bytes: length n of the header, little-endian | n bytes: JSON | the numbers
 *     JSON: name → { dtype, shape, data_offsets: [begin, end) after the header }, "__metadata__" → texts
 *
 * Strict: names stand once, ranges fit dtype × shape, and lie one after the other from the header to the end of the file.
 *
 * @throws {CheckpointError} 'file-missing', 'truncated', 'header', 'duplicate-name', 'tensor-size', 'tensor-range'
 * @see https://github.com/huggingface/safetensors#format
 */
export async function openSafetensors(file: string): Promise<Safetensors> {
  const opened = await openFile(file);
  try {
    return parseHeader(await readHeader(opened, file), opened.bytes, file);
  } finally {
    await opened.close();
  }
}

async function openFile(file: string): Promise<StoredFile> {
  try {
    return await files.open(file);
  } catch (cause) {
    if (cause instanceof DownloadError) throw cause;
    throw new CheckpointError('file-missing', `${file} cannot be read`, {
      file,
      cause,
      hint: 'check the path and its permissions',
    });
  }
}

async function readHeader(opened: StoredFile, file: string): Promise<Uint8Array> {
  const size = opened.bytes;
  const where = {
    file,
    hint: FETCH,
  };
  if (size < 8)
    throw new CheckpointError(
      'truncated',
      `${file} has ${size} bytes, too few for a safetensors file`,
      where,
    );
  const start = await readAt(opened, 0, 8, file);
  if (String.fromCharCode(...start) === 'version ')
    throw new CheckpointError('header', `${file} is a pointer of Git LFS, not the file it stands for`, {
      file,
      hint: 'run `git lfs pull` in its folder, or fetch the model with `campanile model pull`',
    });
  const length = new DataView(start.buffer).getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw new CheckpointError(
      'header',
      `${file} is damaged, or no safetensors file: it announces a header of ${length} bytes, more than ${MAX_HEADER_BYTES}`,
      where,
    );
  }
  if (8 + Number(length) > size) {
    throw new CheckpointError(
      'truncated',
      `${file} has ${size} bytes, but its header alone should end at ${8n + length}`,
      where,
    );
  }
  return readAt(opened, 8, Number(length), file);
}

async function readAt(
  opened: StoredFile,
  position: number,
  length: number,
  file: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await opened.read(position, length);
  if (bytes.length < length)
    throw new CheckpointError(
      'truncated',
      `${file} ends at byte ${position + bytes.length}, inside a tensor`,
      {
        file,
        hint: FETCH,
      },
    );
  return bytes;
}

/** @param header  the JSON after the first eight bytes of a file of `fileSize` bytes */
export function parseHeader(header: Uint8Array, fileSize: number, file: string): Safetensors {
  const json = parseJson(header, file);
  const dataStart = 8 + header.length;
  const { __metadata__: metadata = {}, ...entries } = json;
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== 'string')) {
    throw new CheckpointError('header', `${file}: "__metadata__" must map names to texts`, {
      file,
      hint: DAMAGED,
    });
  }
  const tensors = new Map(
    Object.entries(entries).map(([name, entry]) => [name, parseEntry(name, entry, dataStart, file)]),
  );
  checkRanges(tensors, dataStart, fileSize, file);
  return { tensors, metadata: metadata as Record<string, string> };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(header: Uint8Array, file: string): Record<string, unknown> {
  let text: string;
  let json: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
    json = JSON.parse(text);
  } catch (cause) {
    throw new CheckpointError('header', `${file}: the header is not JSON`, {
      file,
      cause,
      hint: DAMAGED,
    });
  }
  if (!isRecord(json))
    throw new CheckpointError('header', `${file}: the header must be an object of tensors`, {
      file,
      hint: DAMAGED,
    });
  const duplicate = findDuplicateName(text);
  if (duplicate !== undefined) {
    throw new CheckpointError('duplicate-name', `${file}: "${duplicate}" stands twice in the header`, {
      file,
      hint: DAMAGED,
      tensor: duplicate,
    });
  }
  return json;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function parseEntry(name: string, entry: unknown, dataStart: number, file: string): TensorEntry {
  const fail = (message: string) =>
    new CheckpointError('header', `${file}: tensor "${name}" ${message}`, {
      file,
      tensor: name,
      hint: DAMAGED,
    });
  if (!isRecord(entry)) throw fail('has no description');
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(dtypes, dtype))
    throw fail(`has the unknown type ${JSON.stringify(dtype)}`);
  if (!Array.isArray(shape) || !shape.every(isCount))
    throw fail(`has the shape ${JSON.stringify(shape)}, expected a list of sizes`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw fail(`has the range ${JSON.stringify(offsets)}, expected [begin, end]`);
  }
  const [begin, end] = offsets as [number, number];
  const expected = promised(shape) * dtypeOf(dtype as Dtype).size;
  if (end - begin !== expected) {
    throw new CheckpointError(
      'tensor-size',
      `${file}: tensor "${name}" takes ${end - begin} bytes, ${dtype} [${shape.join(', ')}] needs ${expected}`,
      {
        file,
        tensor: name,
        expected: `${expected} bytes`,
        found: `${end - begin} bytes`,
        hint: DAMAGED,
      },
    );
  }
  return { dtype: dtype as Dtype, shape, file, offset: dataStart + begin, length: expected };
}

/** One after the other, from the header to the end of the file: no overlap, no gap, nothing behind. */
function checkRanges(
  tensors: Map<string, TensorEntry>,
  dataStart: number,
  fileSize: number,
  file: string,
): void {
  let position = dataStart;
  const inOrder = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.length - b.length);
  for (const [tensor, { offset, length }] of inOrder) {
    if (offset !== position) {
      const what =
        offset < position ? 'overlaps the tensor before it' : 'leaves a gap to the tensor before it';
      throw new CheckpointError(
        'tensor-range',
        `${file}: tensor "${tensor}" begins at byte ${offset} and ${what}, which ends at ${position}`,
        { file, tensor, hint: DAMAGED },
      );
    }
    position += length;
  }
  if (position > fileSize) {
    throw new CheckpointError('truncated', `${file} has ${fileSize} bytes, its tensors need ${position}`, {
      file,
      expected: `${position} bytes`,
      found: `${fileSize} bytes`,
      hint: FETCH,
    });
  }
  if (position < fileSize) {
    throw new CheckpointError(
      'tensor-range',
      `${file}: ${fileSize - position} bytes at the end belong to no tensor`,
      { file, hint: DAMAGED },
    );
  }
}

/** The bytes of a tensor, as they are stored. */
export async function readBytes(entry: TensorEntry): Promise<ArrayBuffer> {
  const opened = await openFile(entry.file);
  try {
    return (await readAt(opened, entry.offset, entry.length, entry.file)).buffer;
  } finally {
    await opened.close();
  }
}

/** A tensor as float32. */
export async function readTensor(entry: TensorEntry): Promise<Tensor> {
  const { toFloats } = dtypeOf(entry.dtype);
  if (!toFloats)
    throw new CheckpointError('dtype', `${entry.file}: ${entry.dtype} cannot be read as numbers`, {
      file: entry.file,
    });
  return { data: toFloats(await readBytes(entry)), shape: entry.shape };
}

/** All tensors of a file as float32. For small files. */
export async function readSafetensors(file: string): Promise<Map<string, Tensor>> {
  const { tensors } = await openSafetensors(file);
  const read = [...tensors].map(async ([name, entry]) => [name, await readTensor(entry)] as const);
  return new Map(await Promise.all(read));
}

/**
 * Writes float32 tensors, or bytes of any dtype, to a file that appears only when it is complete.
 *
 * @param tensors  by name, written in this order
 */
export async function writeSafetensors(
  file: string,
  tensors: Iterable<
    readonly [string, Tensor | { dtype: Dtype; shape: readonly number[]; bytes: Uint8Array }]
  >,
  metadata?: Readonly<Record<string, string>>,
): Promise<void> {
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
  const parts: Uint8Array[] = [];
  let position = 0;
  for (const [name, tensor] of tensors) {
    const bytes =
      'bytes' in tensor
        ? tensor.bytes
        : new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
    const dtype = 'dtype' in tensor ? tensor.dtype : 'F32';
    header[name] = { dtype, shape: tensor.shape, data_offsets: [position, position + bytes.length] };
    parts.push(bytes);
    position += bytes.length;
  }
  const json = utf8.encode(JSON.stringify(header));
  // Spaces bring the numbers to a multiple of eight bytes, as the format's own writer does.
  const padded = new Uint8Array(8 * Math.ceil(json.length / 8)).fill(' '.charCodeAt(0));
  padded.set(json);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true);
  await files.write(file, [length, padded, ...parts]);
}

const utf8 = new TextEncoder();
