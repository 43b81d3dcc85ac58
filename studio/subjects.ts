import type { ModelDescription } from '../src/server/api-types.ts';

export type Subject = NonNullable<ModelDescription['subjects']>[number];

/** Words that say how something is shown, not what. */
const SILENT = new Set(
  'a an the of in on at with and or to from by for its his her photo photograph picture image painting oil drawing sketch lithograph high quality'.split(
    ' ',
  ),
);

const contentWords = (text: string): string[] =>
  (text.toLowerCase().match(/\p{L}+/gu) ?? []).filter((word) => !SILENT.has(word));

/** Plurals and endings do not make a word another one. */
const alike = (a: string, b: string): boolean => {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short === long || `${short}s` === long || (short.length > 3 && long.startsWith(short));
};

/** Whether two texts name the same thing by one of their words. */
export const sayAlike = (a: string, b: string): boolean =>
  contentWords(a).some((word) => contentWords(b).some((other) => alike(word, other)));

/**
 * Whether a prompt asks for something that the checkpoint says it has learned; a prompt that names nothing does not ask for
 * anything.
 */
export function isKnown(prompt: string, subjects: readonly Subject[]): boolean {
  const asked = contentWords(prompt);
  if (asked.length === 0 || subjects.length === 0) return true;
  const known = subjects.flatMap(({ name, prompt: words }) => contentWords(`${name} ${words}`));
  return asked.some((word) => known.some((one) => alike(word, one)));
}
