import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { TensorEntry } from '../checkpoint/safetensors.ts';

const SAMPLE_BYTES = 256;

/**
 * A name for an encoder that changes when anything does which changes its embeddings. T5-XXL has 10 GB, so of every tensor
 * only its description and 256 bytes from its middle are read: other weights differ there, copies of the same do not.
 *
 * @param texts  configuration and tokenizer, read whole
 */
export async function encoderFingerprint(
  tensors: ReadonlyMap<string, TensorEntry>,
  texts: readonly (string | Uint8Array)[],
): Promise<string> {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(createHash('sha256').update(text).digest());
  const files = new Map(
    await Promise.all(
      [...new Set([...tensors.values()].map(({ file }) => file))].map(
        async (file) => [file, await open(file)] as const,
      ),
    ),
  );
  try {
    for (const [name, { dtype, shape, file, offset, length }] of [...tensors].sort(([a], [b]) =>
      a < b ? -1 : 1,
    )) {
      const sample = new Uint8Array(Math.min(length, SAMPLE_BYTES));
      await files
        .get(file)!
        .read(sample, 0, sample.length, offset + Math.floor((length - sample.length) / 2));
      hash.update(`${name}\n${dtype} ${shape.join(' ')}\n`).update(sample);
    }
  } finally {
    for (const file of files.values()) await file.close();
  }
  return hash.digest('hex');
}
