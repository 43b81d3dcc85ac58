import { files } from '#platform/files';
import { sha256 } from '../checkpoint/hash.ts';
import { openSafetensors, readTensor, writeSafetensors } from '../checkpoint/safetensors.ts';
import { findNonFinite, type Tensor } from '../tensor/tensor.ts';

/** Embeddings that were made once, on disk: of one encoder, by prompt. */
export interface EmbeddingCache {
  /** The embedding, or nothing when it is not there or its file is damaged. */
  read(prompt: string): Promise<Tensor | undefined>;
  /** Appears whole or not at all. @throws when the folder cannot be written */
  write(prompt: string, embeddings: Tensor): Promise<void>;
}

const TENSOR = 'embeddings';

/** `embeddings/` in the system's folder for what can be made again. */
export const embeddingCacheFolder = (): string => files.join(files.cacheFolder, 'embeddings');

/** @param fingerprint  of the encoder: another one, other embeddings */
export function openEmbeddingCache(folder: string, fingerprint: string): EmbeddingCache {
  const fileOf = async (prompt: string): Promise<string> =>
    files.join(folder, fingerprint.slice(0, 16), `${(await sha256(prompt)).slice(0, 32)}.safetensors`);
  return {
    async read(prompt) {
      try {
        const { tensors, metadata } = await openSafetensors(await fileOf(prompt));
        const entry = tensors.get(TENSOR);
        if (!entry || metadata['prompt'] !== prompt || metadata['encoder'] !== fingerprint) return undefined;
        const embeddings = await readTensor(entry);
        return findNonFinite(embeddings) < 0 ? embeddings : undefined;
      } catch {
        // Missing or damaged, it is made again.
        return undefined;
      }
    },
    async write(prompt, embeddings) {
      await writeSafetensors(await fileOf(prompt), [[TENSOR, embeddings]], { prompt, encoder: fingerprint });
    },
  };
}
