import { files } from '#platform/files';
import { type Closable, closedBy } from '../closable.ts';
import { CheckpointError } from '../errors.ts';
import { row, type Tensor } from '../tensor/tensor.ts';
import { type EmbeddingCache, embeddingCacheFolder, openEmbeddingCache } from './embedding-cache.ts';
import { encoderFingerprint } from './fingerprint.ts';
import { gathered } from './gathered.ts';
import { preparePrompt } from './prompt.ts';
import { openT5, type T5, type T5Options } from './t5.ts';
import { countTokens, cutWarning, tokenWindow } from './token-window.ts';
import { openTokenizer, type Tokenizer } from './tokenizer.ts';

/** Prompt → embedding. One that reads a file of ready embeddings is one as well (`openPromptFile`). */
export interface TextEncoder extends Closable {
  /**
   * The embedding [1, 77, E], positions behind the end token included, as the UNet wants them. `warning` says in words what of
   * a prompt over 77 tokens was cut.
   */
  encode(prompt: string): Promise<{ embeddings: Tensor; warning?: string }>;
  /**
   * Number of tokens, end token included, and the words that fall off after 77 ('' when none do).
   *
   * @throws {RecipeError} when this is a file of embeddings that has none of the prompt
   */
  tokens(prompt: string): { count: number; cut: string };
}

/** The encoder of a checkpoint: several prompts at once cost little more than one, when the weights stream from their file. */
export interface CheckpointTextEncoder extends TextEncoder {
  /** Of the encoder: changes when its embeddings do. */
  readonly fingerprint: string;
  /** Embeddings of all prompts, in their order; those made before come from the cache. */
  encodeAll(prompts: readonly string[], options?: EncodeOptions): Promise<Tensor[]>;
}

export interface EncodeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Share of the work that is done, 0 … 1. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

export interface TextEncoderOptions extends T5Options {
  /**
   * The folder where embeddings are kept for the next time, or false for none. By default those of an encoder that streams, for
   * they take minutes, in `embeddingCacheFolder()`.
   */
  readonly cache?: string | false | undefined;
}

/** So many prompts go through a streamed block together. */
const BATCH = 8;

/**
 * Opens the text encoder of a stage's folder: `text_encoder/` and `tokenizer/`.
 *
 * @throws {CheckpointError} when either is missing or damaged
 * @throws {UnsupportedModelError} when it is not a T5 v1.1
 */
export async function openTextEncoder(
  stageFolder: string,
  options: TextEncoderOptions = {},
): Promise<CheckpointTextEncoder> {
  const tokenizer = await openTokenizer(files.join(stageFolder, 'tokenizer'));
  const t5 = await openT5(files.join(stageFolder, 'text_encoder'), options);
  if (tokenizer.vocabularySize > t5.config.vocabularySize)
    throw new CheckpointError(
      'tokenizer',
      `the tokenizer of ${stageFolder} has ${tokenizer.vocabularySize} pieces, its encoder knows ${t5.config.vocabularySize}`,
    );
  const config = await files.read(files.join(stageFolder, 'text_encoder/config.json'));
  const fingerprint = await encoderFingerprint(t5.weights.tensors, [config, await tokenizer.fingerprint()]);
  const { cache: folder = t5.streaming ? embeddingCacheFolder() : false } = options;
  return textEncoder(
    tokenizer,
    t5,
    fingerprint,
    folder ? openEmbeddingCache(folder, fingerprint) : undefined,
  );
}

function textEncoder(
  tokenizer: Tokenizer,
  t5: T5,
  fingerprint: string,
  cache: EmbeddingCache | undefined,
): CheckpointTextEncoder {
  const tokens = (prompt: string) => countTokens(tokenizer, preparePrompt(prompt));
  let cacheProblem: string | undefined;

  const keep = async (prompt: string, embeddings: Tensor): Promise<void> => {
    try {
      await cache?.write(prompt, embeddings);
    } catch (error) {
      cacheProblem = `the embedding could not be kept for the next time: ${(error as Error).message}`;
    }
  };
  const compute = async (
    prompts: readonly string[],
    { signal, onProgress }: EncodeOptions,
  ): Promise<Tensor[]> => {
    const results: Tensor[] = [];
    for (let at = 0; at < prompts.length; at += BATCH) {
      const batch = prompts.slice(at, at + BATCH);
      const windows = batch.map((prompt) => tokenWindow(tokenizer, tokenizer.encode(prompt)));
      const hidden = await t5.run(
        windows.map(({ ids }) => ids),
        windows.map(({ mask }) => mask),
        { signal, onBlock: (done, of) => onProgress?.((at + (batch.length * done) / of) / prompts.length) },
      );
      for (const [i, prompt] of batch.entries()) {
        const embeddings = { ...row(hidden, i), data: row(hidden, i).data.slice() };
        await keep(prompt, embeddings);
        results.push(embeddings);
      }
    }
    return results;
  };
  const encodeAll = async (prompts: readonly string[], options: EncodeOptions = {}): Promise<Tensor[]> => {
    const prepared = prompts.map(preparePrompt);
    const known = new Map<string, Tensor>();
    for (const prompt of new Set(prepared)) {
      const found = await cache?.read(prompt);
      if (found) known.set(prompt, found);
    }
    const missing = [...new Set(prepared)].filter((prompt) => !known.has(prompt));
    for (const [i, embeddings] of (await compute(missing, options)).entries())
      known.set(missing[i]!, embeddings);
    return prepared.map((prompt) => known.get(prompt)!);
  };

  // A page asks for all its prompts at once: they go through the blocks together.
  const encodeSoon = gathered((prompts: readonly string[]) => encodeAll(prompts), BATCH);

  return {
    fingerprint,
    tokens,
    encodeAll,
    async encode(prompt) {
      const embeddings = await encodeSoon(prompt);
      const warning = [cutWarning(tokens(prompt)), cacheProblem].filter(Boolean).join('; ');
      return { embeddings, ...(warning && { warning }) };
    },
    ...closedBy(() => t5.close()),
  };
}
