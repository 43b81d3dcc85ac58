import { MAX_TOKENS } from './prompt.ts';
import type { Tokenizer } from './tokenizer.ts';

/** As many ids as the encoder looks at, and which of them are tokens and not padding. */
export interface TokenWindow {
  readonly ids: readonly number[];
  readonly mask: readonly boolean[];
}

/** Ids padded, or cut so that the end token stays, to `length`. */
export function tokenWindow(
  { padId, endId }: Tokenizer,
  ids: readonly number[],
  length = MAX_TOKENS,
): TokenWindow {
  const kept = ids.length <= length ? ids : [...ids.slice(0, length - 1), endId];
  const window = Array.from({ length }, (_, i) => kept[i] ?? padId);
  return { ids: window, mask: window.map((_, i) => i < kept.length) };
}

/** The number of tokens of a prepared prompt, end token included, and the words of it that do not fit whole ('' when all do). */
export function countTokens(tokenizer: Tokenizer, prompt: string): { count: number; cut: string } {
  const count = tokenizer.encode(prompt).length;
  if (count <= MAX_TOKENS) return { count, cut: '' };
  const words = prompt.split(/(?<=\s)(?=\S)/);
  let used = 1;
  const firstCut = words.findIndex((word) => {
    used += tokenizer.encode(word).length - 1;
    return used > MAX_TOKENS;
  });
  return { count, cut: words.slice(firstCut).join('').trim() };
}

/** What to say about a prompt that does not fit, or nothing. */
export function cutWarning({ count, cut }: { count: number; cut: string }): string | undefined {
  if (!cut) return undefined;
  const shown = cut.length > 90 ? `${cut.slice(0, 55).trimEnd()} … ${cut.slice(-30).trimStart()}` : cut;
  return `the prompt has ${count} tokens and the model reads ${MAX_TOKENS}: "${shown}" was cut off`;
}
