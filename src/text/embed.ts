import { OutputError } from '../errors.ts';
import { writePromptFile } from './embeddings.ts';
import { type EncodeOptions, openTextEncoder, type TextEncoderOptions } from './encoder.ts';
import { cutWarning } from './token-window.ts';

export interface EmbedOptions extends TextEncoderOptions, EncodeOptions {}

/** What `embedPrompts` made. */
export interface Embedded {
  /** In the file's order, each once; the empty prompt, which guidance needs, is always among them. */
  readonly prompts: readonly string[];
  /** What was cut of which prompt. */
  readonly warnings: readonly string[];
}

/**
 * Embeds prompts with the text encoder of a stage's folder and writes them to a file that stands in for the encoder elsewhere
 * (`openPromptFile`), on a machine that has not the memory or the disk for T5.
 *
 * @param out  path of the safetensors file to write; it appears only when it is complete
 * @throws {OutputError} when the file cannot be written
 */
export async function embedPrompts(
  stageFolder: string,
  prompts: readonly string[],
  out: string,
  options: EmbedOptions = {},
): Promise<Embedded> {
  const all = [...new Set([...prompts, ''])];
  const encoder = await openTextEncoder(stageFolder, options);
  try {
    const embeddings = await encoder.encodeAll(all, options);
    await writePromptFile(
      out,
      new Map(all.map((prompt, i) => [prompt, embeddings[i]!])),
      encoder.fingerprint,
    ).catch((cause: NodeJS.ErrnoException) => {
      throw new OutputError('not-writable', `${out} cannot be written: ${cause.message}`, {
        cause,
        hint: 'choose another place with -o',
      });
    });
    const warnings = all
      .map((prompt) => ({ prompt, warning: cutWarning(encoder.tokens(prompt)) }))
      .filter(({ warning }) => warning);
    return {
      prompts: all,
      warnings: warnings.map(({ prompt, warning }) => `"${prompt.slice(0, 40)}…": ${warning}`),
    };
  } finally {
    await encoder.close();
  }
}
