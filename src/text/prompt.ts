/** DeepFloyd IF sees 77 tokens of a prompt, the end token included. */
export const MAX_TOKENS = 77;

/** What Python's `str.strip()` takes away; `trim()` leaves U+001C–001F and U+0085 and takes U+FEFF. */
const PYTHON_SPACE =
  '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
/** White space at the ends. */
export const AROUND = new RegExp(`^${PYTHON_SPACE}+|${PYTHON_SPACE}+$`, 'g');

/**
 * A prompt as the pipelines hand it to the tokenizer: `text.lower().strip()`. `cleanCaption` is what they do instead where bs4 and ftfy
 * are installed; the course's prompts come out the same either way.
 */
export const preparePrompt = (prompt: string): string => prompt.toLowerCase().replace(AROUND, '');
