import { files } from '#platform/files';
import { startHash } from '#platform/hash';
import type { TensorEntry } from '../checkpoint/safetensors.ts';
import { hex } from '../platform/hash.ts';

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
  const hash = startHash();
  for (const text of texts) hash.update(await startHash().update(text).digest());
  const opened = new Map(
    await Promise.all(
      [...new Set([...tensors.values()].map(({ file }) => file))].map(
        async (file) => [file, await files.open(file)] as const,
      ),
    ),
  );
  try {
    for (const [name, { dtype, shape, file, offset, length }] of [...tensors].sort(([a], [b]) =>
      a < b ? -1 : 1,
    )) {
      const bytes = Math.min(length, SAMPLE_BYTES);
      const sample = await opened.get(file)!.read(offset + Math.floor((length - bytes) / 2), bytes);
      hash.update(`${name}\n${dtype} ${shape.join(' ')}\n`).update(sample);
    }
  } finally {
    for (const file of opened.values()) await file.close();
  }
  return hex(await hash.digest());
}
