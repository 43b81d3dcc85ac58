import { CheckpointError, UnsupportedModelError } from '../errors.ts';
import type { Piece } from './unigram.ts';

/** What a tokenizer needs of `spiece.model`. */
export interface SentencePieceModel {
  readonly pieces: readonly Piece[];
  /** Ids of pieces that stand for themselves in a text: control symbols (`</s>`) and those the trainer's user defined. */
  readonly control: readonly number[];
  readonly userDefined: readonly number[];
  readonly unknownId: number;
  /** The precompiled character map, when the model normalises at all. */
  readonly charsmap: Uint8Array | undefined;
}

const UNIGRAM = 1;
const pieceType = { unknown: 2, control: 3, userDefined: 4 };

const utf8 = new TextDecoder();

/**
 * Reads SentencePiece's protobuf, of which this matters:
 *
 *     ModelProto        1 pieces (repeated) · 2 trainer_spec · 3 normalizer_spec
 *     SentencePiece     1 piece: string · 2 score: float · 3 type: 1 normal, 2 unknown, 3 control, 4 user defined, 5 unused, 6 byte
 *     TrainerSpec       3 model_type: 1 unigram
 *     NormalizerSpec    2 precompiled_charsmap: bytes
 *
 * @throws {CheckpointError} when the bytes are no such message
 * @throws {UnsupportedModelError} when the model is not a unigram one
 * @see https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto
 */
export function readSentencePiece(bytes: Uint8Array): SentencePieceModel {
  const pieces: { text: string; score: number; type: number }[] = [];
  let modelType = UNIGRAM;
  let charsmap: Uint8Array | undefined;
  for (const { field, value } of fields(bytes)) {
    if (!(value instanceof Uint8Array)) continue;
    if (field === 1) pieces.push(readPiece(value));
    for (const part of field === 2 || field === 3 ? fields(value) : []) {
      if (field === 2 && part.field === 3 && typeof part.value === 'number') modelType = part.value;
      if (field === 3 && part.field === 2 && part.value instanceof Uint8Array) charsmap = part.value;
    }
  }
  if (modelType !== UNIGRAM)
    throw new UnsupportedModelError(
      'tokenizer',
      `spiece.model is of type ${modelType}, expected 1 (unigram)`,
      {
        hint: 'T5 encoders come with a unigram model; is this the tokenizer of another model?',
      },
    );
  const idsOf = (wanted: number) => pieces.flatMap(({ type }, id) => (type === wanted ? id : []));
  const [unknownId] = idsOf(pieceType.unknown);
  if (unknownId === undefined)
    throw new CheckpointError(
      'tokenizer',
      `none of the ${pieces.length} pieces of spiece.model stands for unknown text`,
    );
  return {
    pieces: pieces.map(({ text, score }) => [text, score]),
    control: idsOf(pieceType.control),
    userDefined: idsOf(pieceType.userDefined),
    unknownId,
    charsmap: charsmap?.length ? charsmap : undefined,
  };
}

function readPiece(message: Uint8Array): { text: string; score: number; type: number } {
  let [text, score, type] = ['', 0, 1];
  for (const { field, value } of fields(message)) {
    if (field === 1 && value instanceof Uint8Array) text = utf8.decode(value);
    if (field === 2 && value instanceof Uint8Array) score = floatOf(value);
    if (field === 3 && typeof value === 'number') type = value;
  }
  return { text, score, type };
}

/** Fields of a message in file order: numbers for varints, bytes for all else (fixed ones too). */
function* fields(message: Uint8Array): Generator<{ field: number; value: number | Uint8Array }> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = message[at++];
      if (byte === undefined) throw damaged(at);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw damaged(at);
  };
  const bytes = (length: number): Uint8Array => {
    if (length > message.length - at) throw damaged(at);
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (wireType === 0) yield { field, value: varint() };
    else if (wireType === 1) yield { field, value: bytes(8) };
    else if (wireType === 2) yield { field, value: bytes(varint()) };
    else if (wireType === 5) yield { field, value: bytes(4) };
    else throw damaged(at);
  }
}

function floatOf(bytes: Uint8Array): number {
  if (bytes.length !== 4) throw damaged(0);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
}

const damaged = (at: number): CheckpointError =>
  new CheckpointError('tokenizer', `spiece.model is damaged: no SentencePiece message at byte ${at}`, {
    hint: 'download the file again; a Git LFS pointer in its place looks like this too',
  });
