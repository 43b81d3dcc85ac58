import * as z from 'zod';
import { CheckpointError, UnsupportedModelError } from '../errors.ts';
import { plainly } from '../plainly.ts';
import type { Piece } from './unigram.ts';

/** What a tokenizer needs of `tokenizer.json`. */
export interface TokenizerJson {
  readonly pieces: readonly Piece[];
  readonly unknownId: number;
  readonly charsmap: Uint8Array | undefined;
  readonly added: readonly { readonly id: number; readonly content: string; readonly special: boolean }[];
}

const normalizer = z.looseObject({ type: z.string(), precompiled_charsmap: z.string().optional() });
const schema = z.looseObject({
  added_tokens: z
    .array(
      z.looseObject({ id: z.int().min(0), content: z.string().min(1), special: z.boolean().default(true) }),
    )
    .default([]),
  normalizer: z
    .union([z.looseObject({ type: z.literal('Sequence'), normalizers: z.array(normalizer) }), normalizer])
    .nullish(),
  model: z.looseObject({
    type: z.string().optional(),
    unk_id: z.int().nullish(),
    vocab: z.array(z.tuple([z.string(), z.number()])),
  }),
});

/**
 * Reads the file of Hugging Face's tokenizers. Of the normaliser only the precompiled map counts: the cutting into words
 * is T5's own, as transformers 5 rebuilds it whatever the file says.
 *
 * @throws {CheckpointError} when the file is not such JSON
 * @throws {UnsupportedModelError} when its model is not a unigram one
 */
export function readTokenizerJson(text: string): TokenizerJson {
  const { added_tokens: added, normalizer, model } = parse(text);
  if (model.unk_id == null)
    throw new CheckpointError('tokenizer', 'tokenizer.json names no unknown piece (model.unk_id)');
  const normalizers =
    normalizer == null
      ? []
      : 'normalizers' in normalizer
        ? (normalizer.normalizers as Normalizer[])
        : [normalizer];
  const charsmap = normalizers.find((n) => n.type === 'Precompiled')?.precompiled_charsmap;
  return {
    pieces: model.vocab,
    unknownId: model.unk_id,
    charsmap: charsmap ? fromBase64(charsmap as string) : undefined,
    added,
  };
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
  } catch (cause) {
    throw new CheckpointError('tokenizer', "the tokenizer's character map is damaged: it is no base64", {
      cause,
    });
  }
}

type Normalizer = z.infer<typeof normalizer>;

function parse(text: string): z.infer<typeof schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new CheckpointError('tokenizer', `tokenizer.json is not JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
  const type = (json as { model?: { type?: unknown } } | null)?.model?.type;
  if (typeof type === 'string' && type !== 'Unigram')
    throw new UnsupportedModelError('tokenizer', `tokenizer.json is of type ${type}, expected Unigram`, {
      hint: 'T5 encoders come with a unigram model; is this the tokenizer of another model?',
    });
  const result = schema.safeParse(json, { reportInput: true });
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new CheckpointError('tokenizer', `tokenizer.json: ${issue.path.join('.')}: ${plainly(issue)}`);
}
