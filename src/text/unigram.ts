import { CheckpointError } from '../errors.ts';

/** A piece of text and the logarithm of its probability. */
export type Piece = readonly [text: string, score: number];

/** Splits a word into pieces: their ids, left to right. */
export type Unigram = (word: string) => number[];

/** How much less likely than the rarest piece an unknown character is. */
const UNKNOWN_PENALTY = 10;

interface BestPath {
  readonly score: number;
  readonly id: number;
  readonly start: number;
}

/**
 * The unigram language model: of all ways to cut a word into pieces, the one with the greatest sum of scores (Viterbi).
 *
 *     best(end) = max over pieces p ending there of best(end − |p|) + score(p)
 *
 * A character no piece stands for counts min(score) − 10; neighbouring unknown ones become one `<unk>`. Of equal sums
 * the one found first, with the longer last piece, stays.
 *
 * @param pieces  the vocabulary; a piece's id is its index
 * @see Kudo 2018, arXiv 1804.10959
 */
export function unigram(pieces: readonly Piece[], unknownId: number): Unigram {
  if (!(unknownId >= 0 && unknownId < pieces.length))
    throw new CheckpointError(
      'tokenizer',
      `the unknown piece has id ${unknownId}, expected one of the ${pieces.length} pieces`,
    );
  const ids = new Map(pieces.map(([text], id) => [text, id]));
  const unknownScore =
    pieces.reduce((least, [, score]) => Math.min(least, score), Infinity) - UNKNOWN_PENALTY;
  const longest = pieces.reduce((most, [text]) => Math.max(most, text.length), 0);

  return (word) => {
    const best: (BestPath | undefined)[] = new Array(word.length + 1);
    const offer = (end: number, path: BestPath): void => {
      const known = best[end];
      if (known === undefined || path.score > known.score) best[end] = path;
    };
    for (let start = 0; start < word.length; ) {
      const scoreHere = best[start]?.score ?? 0;
      const next = start + (word.codePointAt(start)! > 0xffff ? 2 : 1);
      let standsAlone = false;
      for (let end = next; end <= Math.min(word.length, start + longest); end++) {
        const id = ids.get(word.slice(start, end));
        if (id === undefined) continue;
        offer(end, { score: scoreHere + pieces[id]![1], id, start });
        if (end === next) standsAlone = true;
      }
      if (!standsAlone) offer(next, { score: scoreHere + unknownScore, id: unknownId, start });
      start = next;
    }
    const path: number[] = [];
    for (let end = word.length; end > 0; ) {
      let { id, start } = best[end]!;
      if (id === unknownId) {
        while (start > 0 && best[start]!.id === unknownId) start = best[start]!.start;
        id = ids.get(word.slice(start, end)) ?? unknownId;
      }
      path.push(id);
      end = start;
    }
    return path.reverse();
  };
}
