import { files as stored } from '#platform/files';
import { sha256 } from '../checkpoint/hash.ts';
import { CheckpointError } from '../errors.ts';
import { isMissing } from '../platform/files.ts';
import { readCharsmap } from './charsmap.ts';
import { readTokenizerJson } from './tokenizer-json.ts';
import { type Piece, unigram } from './unigram.ts';

/** T5's tokenizer, as transformers 5 runs it: text ↔ ids. */
export interface Tokenizer {
  /** sha256 of vocabulary and character map: the same for both kinds of file. */
  fingerprint(): Promise<string>;
  readonly vocabularySize: number;
  readonly padId: number;
  readonly endId: number;
  /** Ids of the whole text, `</s>` last. */
  encode(text: string): number[];
  /** The pieces that ids stand for. */
  pieces(ids: readonly number[]): string[];
  /** The text again, without special tokens. */
  decode(ids: readonly number[]): string;
}

interface Vocabulary {
  readonly pieces: readonly Piece[];
  readonly unknownId: number;
  readonly charsmap: Uint8Array | undefined;
  /** Tokens looked for in the text as it was typed, before anything is normalised. */
  readonly added: readonly { readonly id: number; readonly content: string; readonly special: boolean }[];
}

/** Stands for the space before a word. */
const SPACE = '▁';
/** Characters Unicode calls white space; JavaScript's `\s` lacks U+0085 and has U+FEFF. */
const WHITE_SPACE = /\p{White_Space}+/u;
/** Sentinels follow the pieces of spiece.model, which does not list them. */
const EXTRA_IDS = 100;

const tokenizerFiles = ['tokenizer.json', 'spiece.model'] as const;
export type TokenizerFile = (typeof tokenizerFiles)[number];

/**
 * Opens the tokenizer of a `tokenizer/` folder: `tokenizer.json` where there is one, else `spiece.model`. Both give the same ids.
 *
 * @throws {CheckpointError} when neither can be read
 */
export async function openTokenizer(
  folder: string,
  files: readonly TokenizerFile[] = tokenizerFiles,
): Promise<Tokenizer> {
  for (const file of files) {
    const bytes = await readIfThere(stored.join(folder, file));
    if (!bytes) continue;
    return file === 'tokenizer.json'
      ? tokenizerFromJson(utf8.decode(bytes))
      : tokenizerFromSentencePiece(bytes, await extraIds(folder));
  }
  throw new CheckpointError('file-missing', `${folder} has no ${files.join(' and no ')}`, {
    file: folder,
    hint: 'copy the tokenizer/ folder of the checkpoint as well',
  });
}

export const tokenizerFromJson = (text: string): Tokenizer => tokenizer(readTokenizerJson(text));

/** @param extraIds  number of sentinels `<extra_id_99>` … `<extra_id_0>` behind the pieces of the file */
export async function tokenizerFromSentencePiece(
  bytes: Uint8Array,
  extraIds = EXTRA_IDS,
): Promise<Tokenizer> {
  // Code that pages never fetch for a checkpoint with tokenizer.json.
  const { readSentencePiece } = await import('./spiece.ts');
  const { pieces, control, userDefined, unknownId, charsmap } = readSentencePiece(bytes);
  const sentinels = Array.from({ length: extraIds }, (_, i): Piece => [`<extra_id_${extraIds - 1 - i}>`, 0]);
  const all = [...pieces, ...sentinels];
  const special = [...control, unknownId, ...sentinels.map((_, i) => pieces.length + i)];
  const added = [
    ...special.map((id) => ({ id, content: all[id]?.[0] ?? '', special: true })),
    ...userDefined.map((id) => ({ id, content: all[id]![0], special: false })),
  ];
  return tokenizer({ pieces: all, unknownId, charsmap, added });
}

/**
 * The steps, in transformers' order: added tokens are cut out of the text; the rest goes through the character map, is split
 * at white space and before every ▁, each word gets a ▁ in front, and the unigram model cuts it into pieces; `</s>` is appended.
 */
function tokenizer({ pieces, unknownId, charsmap, added }: Vocabulary): Tokenizer {
  const normalise = charsmap ? readCharsmap(charsmap) : (text: string) => text;
  const split = unigram(pieces, unknownId);
  const addedIds = new Map(added.filter(({ content }) => content).map(({ content, id }) => [content, id]));
  const addedPattern = alternatives([...addedIds.keys()]);
  const specialIds = new Set(added.filter(({ special }) => special).map(({ id }) => id));
  const contents = new Map(added.map(({ id, content }) => [id, content]));
  const pieceOf = (id: number): string => contents.get(id) ?? pieces[id]?.[0] ?? '';
  const idOf = (content: string): number => {
    const id = addedIds.get(content) ?? pieces.findIndex(([text]) => text === content);
    if (id < 0) throw new CheckpointError('tokenizer', `the tokenizer has no ${content}`);
    return id;
  };
  const padId = idOf('<pad>');
  const endId = idOf('</s>');

  const words = (text: string): string[] =>
    normalise(text)
      .split(WHITE_SPACE)
      .filter((word) => word !== '')
      .flatMap((word) => (word.startsWith(SPACE) ? word : SPACE + word).split(/(?=▁)/));

  return {
    fingerprint: () => sha256(JSON.stringify(pieces), charsmap ?? ''),
    vocabularySize: pieces.length,
    padId,
    endId,
    encode(text) {
      const ids: number[] = [];
      // Half a surrogate pair is no character; Python would not even take it.
      for (const part of text.replace(/\p{Surrogate}/gu, '\ufffd').split(addedPattern)) {
        const id = addedIds.get(part);
        if (id !== undefined) ids.push(id);
        else for (const word of words(part)) ids.push(...split(word));
      }
      return [...ids, endId];
    },
    pieces: (ids) => ids.map(pieceOf),
    decode(ids) {
      const shown = ids.filter((id) => !specialIds.has(id)).map(pieceOf);
      return shown.map((piece, i) => piece.replaceAll(SPACE, i === 0 ? '' : ' ')).join('');
    },
  };
}

/** Finds the longest of `texts` at the leftmost place, as a capturing split. */
const alternatives = (texts: readonly string[]): RegExp => {
  const escaped = texts
    .toSorted((a, b) => b.length - a.length)
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  return escaped.length ? new RegExp(`(${escaped.join('|')})`) : /(?!)/;
};

const utf8 = new TextDecoder();

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await stored.read(file);
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new CheckpointError('file-unreadable', `${file} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function extraIds(folder: string): Promise<number> {
  const config = await readIfThere(stored.join(folder, 'tokenizer_config.json'));
  try {
    const { extra_ids: count } = config ? (JSON.parse(utf8.decode(config)) as { extra_ids?: unknown }) : {};
    return typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= 10_000
      ? count
      : EXTRA_IDS;
  } catch (cause) {
    throw new CheckpointError('tokenizer', `${folder}/tokenizer_config.json is not JSON`, { cause });
  }
}
