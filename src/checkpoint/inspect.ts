import { files } from '#platform/files';
import { startHash } from '#platform/hash';
import { CheckpointError } from '../errors.ts';
import { hex } from '../platform/hash.ts';
import { dtypeOf } from './dtypes.ts';
import { sha256 } from './hash.ts';
import type { TensorEntry } from './safetensors.ts';
import type { Weights } from './weights.ts';

/** Bytes looked at in one go: a multiple of every number's size. */
const CHUNK_BYTES = 1 << 23;
/** Files above this size are inspected once, and the result remembered while size and time of change stay the same. */
const REMEMBERED_BYTES = 100e6;

/**
 * Reads every byte of the weights once: sha256 over the config's text and all files, and no number infinite or missing.
 *
 * @throws {CheckpointError} 'tensor-not-finite', naming tensor and place
 */
export async function inspectWeights(weights: Weights, config: string): Promise<string> {
  const hash = startHash().update(config);
  for (const file of weights.files) {
    const entries = [...weights.tensors].filter(([, entry]) => entry.file === file);
    hash.update(await remembered(file, () => inspectFile(file, entries)));
  }
  return hex(await hash.digest());
}

async function inspectFile(
  file: string,
  entries: readonly (readonly [string, TensorEntry])[],
): Promise<string> {
  const opened = await files.open(file);
  const known = await files.checked(file);
  const hash = startHash();
  try {
    const inOrder = [...entries].sort(([, a], [, b]) => a.offset - b.offset);
    const read = async (position: number, length: number) => {
      const bytes = await opened.read(position, length);
      if (bytes.length !== length)
        throw new CheckpointError('truncated', `${file} ends at byte ${position + bytes.length}`, { file });
      if (known === undefined) hash.update(bytes);
      return bytes.buffer;
    };
    await read(0, inOrder[0]?.[1].offset ?? 0);
    for (const piece of pieces(inOrder)) {
      const [first, last] = [piece[0]!, piece.at(-1)!];
      const bytes = await read(first.offset, last.offset + last.length - first.offset);
      for (const part of piece) {
        const from = part.offset - first.offset;
        checkFinite(part, bytes.slice(from, from + part.length), file);
      }
    }
    return known ?? hex(await hash.digest());
  } finally {
    await opened.close();
  }
}

/** A tensor, or what was cut of a large one. */
interface Part {
  readonly tensor: string;
  readonly entry: TensorEntry;
  readonly offset: number;
  readonly length: number;
}

/** All bytes of the tensors, which lie one after the other, in pieces to be read at once: small ones together, large ones cut. */
function* pieces(inOrder: readonly (readonly [string, TensorEntry])[]): Generator<readonly Part[]> {
  let piece: Part[] = [];
  let bytes = 0;
  for (const [tensor, entry] of inOrder)
    for (let done = 0; done < entry.length; done += CHUNK_BYTES) {
      const length = Math.min(CHUNK_BYTES, entry.length - done);
      if (bytes + length > CHUNK_BYTES && piece.length > 0) {
        yield piece;
        [piece, bytes] = [[], 0];
      }
      piece.push({ tensor, entry, offset: entry.offset + done, length });
      bytes += length;
    }
  if (piece.length > 0) yield piece;
}

function checkFinite({ tensor, entry, offset }: Part, bytes: ArrayBuffer, file: string): void {
  const { size, findNonFinite } = dtypeOf(entry.dtype);
  const at = findNonFinite?.(bytes) ?? -1;
  if (at < 0) return;
  throw new CheckpointError(
    'tensor-not-finite',
    `${file}: number ${(offset - entry.offset) / size + at} of "${tensor}" is infinite or not a number`,
    {
      file,
      tensor,
      hint: 'the training or the conversion that made this file went wrong',
    },
  );
}

async function remembered(file: string, inspect: () => Promise<string>): Promise<string> {
  const version = await files.version(file);
  if (version === undefined || (await bytesOf(file)) < REMEMBERED_BYTES) return inspect();
  const memory = files.join(files.cacheFolder, 'inspected', await sha256(`${file} ${version}`));
  const known = await files.text(memory).catch(() => '');
  if (/^[0-9a-f]{64}$/.test(known)) return known;
  const found = await inspect();
  // A cache that cannot be written costs time, not the run.
  await files.write(memory, [new TextEncoder().encode(found)]).catch(() => undefined);
  return found;
}

async function bytesOf(file: string): Promise<number> {
  const opened = await files.open(file);
  await opened.close();
  return opened.bytes;
}
