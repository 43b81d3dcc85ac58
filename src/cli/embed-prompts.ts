import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readPromptFile, writePromptFile } from '../text/embeddings.ts';
import { type EncodeOptions, openTextEncoder, type TextEncoderOptions } from '../text/encoder.ts';
import { cutWarning } from '../text/token-window.ts';
import { writing } from '../writing.ts';

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
  await checkPlace(out); // before the work, not after it
  const all = [...new Set([...prompts, ''])];
  await using encoder = await openTextEncoder(stageFolder, options);
  const embeddings = await encoder.encodeAll(all, options);
  const made = new Map(all.map((prompt, i) => [prompt, embeddings[i]!]));
  await writePromptFile(out, made, encoder.fingerprint);
  const warnings = all
    .map((prompt) => ({ prompt, warning: cutWarning(encoder.tokens(prompt)) }))
    .filter(({ warning }) => warning);
  return {
    prompts: all,
    warnings: warnings.map(({ prompt, warning }) => `"${prompt.slice(0, 40)}…": ${warning}`),
  };
}

/**
 * Rewrites a file of embeddings as safetensors: the course's `prompt_embeds_dict.pth`, read as data only.
 *
 * @returns the prompts in it
 */
export async function convertPromptFile(from: string, out: string): Promise<readonly string[]> {
  await checkPlace(out);
  const prompts = await readPromptFile(from);
  await writePromptFile(out, prompts);
  return [...prompts.keys()];
}

const checkPlace = (out: string): Promise<void> =>
  writing(out, () => access(dirname(resolve(out)), constants.W_OK), {
    elsewhere: 'choose another place with -o',
  });
