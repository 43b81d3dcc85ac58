import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../checkpoint/cache-folder.ts';
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

/** `embeddings/` in `cacheFolder`. */
export const embeddingCacheFolder = (env?: NodeJS.ProcessEnv): string => join(cacheFolder(env), 'embeddings');

/** @param fingerprint  of the encoder: another one, other embeddings */
export function openEmbeddingCache(folder: string, fingerprint: string): EmbeddingCache {
  const own = join(folder, fingerprint.slice(0, 16));
  const fileOf = (prompt: string): string =>
    join(own, `${createHash('sha256').update(prompt).digest('hex').slice(0, 32)}.safetensors`);
  return {
    async read(prompt) {
      try {
        const { tensors, metadata } = await openSafetensors(fileOf(prompt));
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
      await mkdir(own, { recursive: true });
      await writeSafetensors(fileOf(prompt), [[TENSOR, embeddings]], { prompt, encoder: fingerprint });
    },
  };
}
