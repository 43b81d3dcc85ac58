import { createHash } from 'node:crypto';
import { mkdir, open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointError } from '../errors.ts';
import { cacheFolder } from './cache-folder.ts';
import { dtypeOf } from './dtypes.ts';
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
  const hash = createHash('sha256').update(config);
  for (const file of weights.files) {
    const entries = [...weights.tensors].filter(([, entry]) => entry.file === file);
    hash.update(await remembered(file, () => inspectFile(file, entries)));
  }
  return hash.digest('hex');
}

async function inspectFile(
  file: string,
  entries: readonly (readonly [string, TensorEntry])[],
): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(file, 'r');
  try {
    const inOrder = [...entries].sort(([, a], [, b]) => a.offset - b.offset);
    const read = async (position: number, length: number) => {
      const buffer = new Uint8Array(length);
      const { bytesRead } = await handle.read(buffer, 0, length, position);
      if (bytesRead !== length)
        throw new CheckpointError('truncated', `${file} ends at byte ${position + bytesRead}`, { file });
      hash.update(buffer);
      return buffer.buffer;
    };
    await read(0, inOrder[0]?.[1].offset ?? 0);
    for (const [tensor, { dtype, offset, length }] of inOrder) {
      for (let done = 0; done < length; done += CHUNK_BYTES) {
        const chunk = await read(offset + done, Math.min(CHUNK_BYTES, length - done));
        const at = dtypeOf(dtype).findNonFinite?.(chunk) ?? -1;
        if (at < 0) continue;
        const index = done / dtypeOf(dtype).size + at;
        throw new CheckpointError(
          'tensor-not-finite',
          `${file}: number ${index} of "${tensor}" is infinite or not a number`,
          {
            file,
            tensor,
            hint: 'the training or the conversion that made this file went wrong',
          },
        );
      }
    }
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
}

async function remembered(file: string, inspect: () => Promise<string>): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  if (size < REMEMBERED_BYTES) return inspect();
  const key = createHash('sha256').update(`${file} ${size} ${mtimeMs}`).digest('hex');
  const memory = join(cacheFolder(), 'inspected');
  const known = await readFile(join(memory, key), 'utf8').catch(() => '');
  if (/^[0-9a-f]{64}$/.test(known)) return known;
  const sha256 = await inspect();
  // A cache that cannot be written costs time, not the run.
  await mkdir(memory, { recursive: true })
    .then(() => writeFile(join(memory, key), sha256))
    .catch(() => undefined);
  return sha256;
}
