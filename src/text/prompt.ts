import { PYTHON_SPACE } from './python-regex.ts';

/** DeepFloyd IF sees 77 tokens of a prompt, the end token included. */
export const MAX_TOKENS = 77;

const space = new RegExp(`[${PYTHON_SPACE}]`);

/** Python's `str.strip()`: without the white space at its ends. One look at each end, since `\s+$` tries at every space within. */
export function stripped(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && space.test(text[from]!)) from++;
  while (to > from && space.test(text[to - 1]!)) to--;
  return text.slice(from, to);
}

/**
 * A prompt as the pipelines hand it to the tokenizer: `text.lower().strip()`. `cleanCaption` is what they do instead where bs4 and ftfy
 * are installed; the course's prompts come out the same either way.
 */
export const preparePrompt = (prompt: string): string => stripped(prompt.toLowerCase());
