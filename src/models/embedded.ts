import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findModel } from '../hub/find-model.ts';
import type { Models } from './model.ts';
import { openModel, openUpscaler } from './open.ts';

/** The embedded checkpoint, stages I and II. */
export const EMBEDDED = fileURLToPath(new URL('../../checkpoints/campanile', import.meta.url));
export const EMBEDDED_II = fileURLToPath(new URL('../../checkpoints/campanile-ii', import.meta.url));

export interface ModelOptions {
  /** Folder or hub name of stage I; without it the embedded checkpoint. */
  readonly checkpoint?: string | undefined;
  /** Folder or hub name of stage II; without it the embedded one, if stage I is embedded too. */
  readonly upscaler?: string | undefined;
  /** File of prompt embeddings, in the place of a text encoder. */
  readonly prompts?: string | undefined;
  readonly threads?: number | undefined;
  /** 'cpu', 'cuda' or 'webgpu'. */
  readonly device?: string | undefined;
  /** 'half' or 'full'; by default half with 'cuda', else full. */
  readonly precision?: string | undefined;
}

export interface OpenModels extends Models {
  close(): Promise<void>;
}

/** Opens what the options name. A stage I of the user's own comes without an upscaler unless one is named. */
export async function openModels({
  checkpoint,
  upscaler,
  ...options
}: ModelOptions = {}): Promise<OpenModels> {
  const stageOne = checkpoint === undefined ? EMBEDDED : await findModel(checkpoint);
  const stageTwo =
    upscaler === undefined
      ? checkpoint === undefined && existsSync(EMBEDDED_II)
        ? EMBEDDED_II
        : undefined
      : await findModel(upscaler);
  const base = await openModel(stageOne, options);
  // Stage II reads prompts as stage I does: its own text encoder is a copy, and usually left out.
  const larger =
    stageTwo === undefined ? undefined : await openUpscaler(stageTwo, { ...options, text: stageOne });
  return {
    base,
    upscaler: larger,
    async close() {
      await base.close();
      await larger?.close();
    },
  };
}
