import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RecipeError } from '../errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { encoderOfPrompts, readPromptFile, writePromptFile } from '../text/embeddings.ts';
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
 * (`openPromptFile`), on a machine that has not the memory or the disk for T5. What the file has already stays in it.
 *
 * @param out  path of the safetensors file to write; it changes only when it is complete
 * @throws {OutputError} when the file cannot be written
 * @throws {RecipeError} when it is there and is not this encoder's
 */
export async function embedPrompts(
  stageFolder: string,
  prompts: readonly string[],
  out: string,
  options: EmbedOptions = {},
): Promise<Embedded> {
  await checkPlace(out); // before the work, not after it
  await using encoder = await openTextEncoder(stageFolder, options);
  const before = await kept(out, encoder.fingerprint);
  const wanted = [...new Set([...prompts, ''])].filter((prompt) => !before.has(prompt));
  const embeddings = await encoder.encodeAll(wanted, options);
  const all = new Map([...before, ...wanted.map((prompt, i) => [prompt, embeddings[i]!] as const)]);
  await writePromptFile(out, all, encoder.fingerprint);
  const warnings = wanted
    .map((prompt) => ({ prompt, warning: cutWarning(encoder.tokens(prompt)) }))
    .filter(({ warning }) => warning);
  return {
    prompts: [...all.keys()],
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
  if (existsSync(out) && resolve(out) !== resolve(from))
    throw new RecipeError('-o', `${out} is there already`, ELSEWHERE);
  await writePromptFile(out, prompts);
  return [...prompts.keys()];
}

const ELSEWHERE = 'choose another place with -o';

/** What is in the file that is added to. */
async function kept(out: string, encoder: string): Promise<Map<string, Tensor>> {
  if (!existsSync(out)) return new Map();
  const prompts = await readPromptFile(out).catch(() => {
    throw new RecipeError('-o', `${out} is there already, and holds no prompts`, ELSEWHERE);
  });
  const theirs = await encoderOfPrompts(out);
  if (theirs === encoder) return prompts;
  throw new RecipeError(
    '-o',
    `${out} is there already, ${theirs === undefined ? 'and does not say of which text encoder it is' : 'of another text encoder'}`,
    ELSEWHERE,
  );
}

const checkPlace = (out: string): Promise<void> =>
  writing(out, () => access(dirname(resolve(out)), constants.W_OK), {
    elsewhere: ELSEWHERE,
  });
