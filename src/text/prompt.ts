import { PYTHON_SPACE } from './python-regex.ts';

/** DeepFloyd IF sees 77 tokens of a prompt, the end token included. */
export const MAX_TOKENS = 77;

/** What Python's `str.strip()` takes away: white space at the ends. */
export const AROUND = new RegExp(`^[${PYTHON_SPACE}]+|[${PYTHON_SPACE}]+$`, 'g');

/**
 * A prompt as the pipelines hand it to the tokenizer: `text.lower().strip()`. `cleanCaption` is what they do instead where bs4 and ftfy
 * are installed; the course's prompts come out the same either way.
 */
export const preparePrompt = (prompt: string): string => prompt.toLowerCase().replace(AROUND, '');
