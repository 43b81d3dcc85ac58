import { files } from '#platform/files';
import { openSafetensors, readTensor, writeSafetensors } from '../checkpoint/safetensors.ts';
import { openTorch, TorchTensor } from '../checkpoint/torch-zip.ts';
import { closedBy } from '../closable.ts';
import { CheckpointError, RecipeError } from '../errors.ts';
import { hex } from '../platform/hash.ts';
import { findNonFinite, type Tensor } from '../tensor/tensor.ts';
import { closestFirst } from './closest.ts';
import type { TextEncoder } from './encoder.ts';
import { MAX_TOKENS, preparePrompt } from './prompt.ts';

/** Prompts with their embeddings [1, 77, E] in a file, used in place of a text encoder. */
export interface PromptFile extends TextEncoder {
  readonly prompts: readonly string[];
  /** E. */
  readonly width: number;
}

/** Metadata of a file written here: a JSON list of prompts; the i-th belongs to tensor "prompt.<i>". */
const PROMPTS = 'prompts';
const ENCODER = 'encoder';

/**
 * Writes embeddings as safetensors. Prompts stand in the metadata, so that any text works as one.
 *
 * @param encoder  fingerprint of the encoder that made them
 */
export async function writePromptFile(
  path: string,
  prompts: ReadonlyMap<string, Tensor>,
  encoder?: string,
): Promise<void> {
  const tensors = [...prompts.values()].map((embeddings, i) => [`prompt.${i}`, embeddings] as const);
  await writeSafetensors(path, tensors, {
    format: 'campanile-prompts',
    [PROMPTS]: JSON.stringify([...prompts.keys()]),
    ...(encoder && { [ENCODER]: encoder }),
  });
}

/**
 * Reads prompts and their embeddings from a file written by `writePromptFile`, from safetensors whose tensors are named by their
 * prompts, or from a dictionary prompt → tensor that torch.save wrote (the course's `prompt_embeds_dict.pth`), as data only. What
 * kind of file it is, its bytes say and not its name.
 *
 * @throws {CheckpointError} when it is none of these, or a tensor is not [1, 77, E] or [77, E] of finite numbers
 */
export async function readPromptFile(path: string): Promise<Map<string, Tensor>> {
  const found = await ((await isTorchFile(path)) ? fromTorch(path) : fromSafetensors(path));
  const prompts = new Map(
    [...found].map(([prompt, embeddings]) => [prompt, checked(path, prompt, embeddings)]),
  );
  const widths = new Set([...prompts.values()].map(({ shape }) => shape[2]!));
  if (widths.size === 0) throw new CheckpointError('prompts', `${path} holds no prompts`, { file: path });
  if (widths.size > 1)
    throw new CheckpointError(
      'prompts',
      `${path} holds embeddings of several widths: ${[...widths].join(', ')}`,
      { file: path },
    );
  return prompts;
}

/** The fingerprint of the encoder that made a file of `writePromptFile`; undefined where a file names none. */
export async function encoderOfPrompts(path: string): Promise<string | undefined> {
  return (await isTorchFile(path)) ? undefined : (await openSafetensors(path)).metadata[ENCODER];
}

/** `readPromptFile` as a text encoder that knows these prompts and no others; case and space around them do not matter. */
export async function openPromptFile(path: string): Promise<PromptFile> {
  const prompts = await readPromptFile(path);
  const prepared = new Map([...prompts].map(([prompt, embeddings]) => [preparePrompt(prompt), embeddings]));
  const find = (prompt: string): Tensor => {
    const embeddings = prompts.get(prompt) ?? prepared.get(preparePrompt(prompt));
    if (!embeddings) throw unknownPrompt(path, prompt, prompts.keys());
    return embeddings;
  };
  return {
    prompts: [...prompts.keys()],
    width: prompts.values().next().value!.shape[2]!,
    encode: async (prompt) => ({ embeddings: find(prompt) }),
    tokens(prompt) {
      find(prompt);
      // Whoever made the file cut what did not fit.
      return { count: MAX_TOKENS, cut: '' };
    },
    ...closedBy(async () => {}),
  };
}

function unknownPrompt(path: string, prompt: string, known: Iterable<string>): RecipeError {
  const closest = closestFirst(known, prompt).map((text) => JSON.stringify(text));
  const shown = closest.length > 12 ? [...closest.slice(0, 12), `and ${closest.length - 12} more`] : closest;
  const wanted =
    preparePrompt(prompt) === '' ? 'the empty prompt, which guidance needs' : JSON.stringify(prompt);
  return new RecipeError(
    'prompt',
    `${path} has no embedding of ${wanted}`,
    `it has ${shown.join(', ')}; add it with: campanile embed ${JSON.stringify(prompt)} -o ${path.endsWith('.safetensors') ? path : 'prompts.safetensors'}, or all of the page with --page`,
  );
}

const ZIP = '504b0304';
const PICKLE = '80028a';

/** torch.save begins with the mark of a zip archive, or in the old format of a pickle. */
async function isTorchFile(path: string): Promise<boolean> {
  const file = await files.open(path).catch((cause: unknown) => {
    throw new CheckpointError('file-missing', `${path} cannot be read`, {
      file: path,
      cause,
      hint: 'check the path of the prompts',
    });
  });
  try {
    const start = hex(await file.read(0, 4));
    return start === ZIP || start.startsWith(PICKLE);
  } finally {
    await file.close();
  }
}

async function fromSafetensors(path: string): Promise<Map<string, Tensor>> {
  const { tensors, metadata } = await openSafetensors(path);
  const names =
    metadata[PROMPTS] === undefined
      ? new Map([...tensors.keys()].map((name) => [name, name]))
      : listed(path, metadata[PROMPTS]);
  const prompts = new Map<string, Tensor>();
  for (const [prompt, name] of names) {
    const entry = tensors.get(name);
    if (!entry)
      throw new CheckpointError(
        'prompts',
        `${path} names ${JSON.stringify(prompt)}, but has no tensor "${name}"`,
        { file: path },
      );
    prompts.set(prompt, await readTensor(entry));
  }
  return prompts;
}

function listed(path: string, json: string): Map<string, string> {
  let list: unknown;
  try {
    list = JSON.parse(json);
  } catch {
    list = undefined;
  }
  if (!Array.isArray(list) || !list.every((prompt) => typeof prompt === 'string'))
    throw new CheckpointError('prompts', `${path}: its list of prompts is no JSON list of texts`, {
      file: path,
    });
  return new Map(list.map((prompt: string, i) => [prompt, `prompt.${i}`]));
}

async function fromTorch(path: string): Promise<Map<string, Tensor>> {
  const value = await openTorch(path);
  if (!(value instanceof Map))
    throw new CheckpointError('prompts', `${path} holds no dictionary of prompts`, {
      file: path,
      hint: 'save it as torch.save({"a photo": embedding, "": embedding}, "prompts.pth")',
    });
  const prompts = new Map<string, Tensor>();
  for (const [prompt, embeddings] of value) {
    if (typeof prompt !== 'string' || !(embeddings instanceof TorchTensor))
      throw new CheckpointError('prompts', `${path}: ${JSON.stringify(String(prompt))} leads to no tensor`, {
        file: path,
      });
    prompts.set(prompt, embeddings.tensor());
  }
  return prompts;
}

function checked(path: string, prompt: string, { data, shape }: Tensor): Tensor {
  const [tokens, width] = shape.slice(-2);
  const known = shape.length === 2 || (shape.length === 3 && shape[0] === 1);
  if (!known || tokens !== MAX_TOKENS || !width)
    throw new CheckpointError(
      'prompts',
      `${path}: the embedding of ${JSON.stringify(prompt)} is [${shape.join(', ')}], expected [1, ${MAX_TOKENS}, E]`,
      { file: path },
    );
  const embeddings = { data, shape: [1, MAX_TOKENS, width] };
  if (findNonFinite(embeddings) >= 0)
    throw new CheckpointError(
      'prompts',
      `${path}: the embedding of ${JSON.stringify(prompt)} has numbers that are not finite`,
      {
        file: path,
        hint: 'T5 overflows in half precision: make it again in float32 or bfloat16',
      },
    );
  return embeddings;
}
