import { embedded } from '#platform/embedded';
import { type Closable, closedBy } from '../closable.ts';
import { checkObject, checkText } from '../tensor/check.ts';
import type { Models } from './model.ts';
import { openStages } from './open.ts';

/**
 * The embedded checkpoint, stage I, as a name that `openModel` takes: 64 × 64 pixels.
 */
export const EMBEDDED = embedded.base;
/**
 * The embedded checkpoint, stage II, as a name that `openUpscaler` takes: 256 × 256 pixels.
 */
export const EMBEDDED_II = embedded.upscaler;

/** Which models, and where they are computed. */
export interface ModelOptions {
  /** Folder or hub name of stage I; without it the embedded checkpoint. */
  readonly checkpoint?: string | undefined;
  /** Folder or hub name of stage II; without it the embedded one, if stage I is embedded too. */
  readonly upscaler?: string | undefined;
  /** File of prompt embeddings, in the place of a text encoder. */
  readonly prompts?: string | undefined;
  readonly threads?: number | undefined;
  /** 'cpu', 'openvino', 'cuda' or 'webgpu'. */
  readonly device?: string | undefined;
  /** 'half' or 'full'; by default half with 'cuda' and 'openvino', else full. */
  readonly precision?: string | undefined;
}

/** Models that hold memory and threads until they are closed. */
export interface OpenModels extends Models, Closable {}

/**
 * Opens what the options name, stage I and stage II. A stage I of the user's own comes without an upscaler unless one is named.
 *
 * @throws {ArgumentError} when an option is not what it should be
 * @throws {CheckpointError} when a folder is no checkpoint, or damaged
 * @throws {UnsupportedModelError} when it is one of another kind
 * @throws {ResourceError} when it does not fit into memory, or the device cannot be used
 */
export async function openModels(opened: ModelOptions = {}): Promise<OpenModels> {
  checkObject('options', opened, "options, as in { checkpoint: 'DeepFloyd/IF-I-M-v1.0' }");
  const { checkpoint, upscaler, ...options } = opened;
  for (const [name, value] of Object.entries({ checkpoint, upscaler }))
    if (value !== undefined) checkText(name, value, 'a folder, or the name of a model on the hub');
  const stageOne = checkpoint === undefined ? EMBEDDED : await embedded.find(checkpoint);
  const stageTwo =
    upscaler === undefined
      ? checkpoint === undefined
        ? EMBEDDED_II
        : undefined
      : await embedded.find(upscaler);
  // Stage II reads prompts as stage I does: its own text encoder is a copy, and usually left out.
  const { base, upscaler: larger } = await openStages(stageOne, stageTwo, options);
  const close = async () => {
    await base.close();
    await larger?.close();
  };
  return { base, upscaler: larger, ...closedBy(close) };
}
