import type { Tensor } from '../tensor/tensor.ts';

/** Prompt → embedding. One that reads a file of ready embeddings is one as well (`openPromptFile`). */
export interface TextEncoder {
  /**
   * The embedding [1, 77, E], positions behind the end token included, as the UNet wants them. `warning` says in words what of
   * a prompt over 77 tokens was cut.
   */
  encode(prompt: string): Promise<{ embeddings: Tensor; warning?: string }>;
  /** Number of tokens, end token included, and the words that fall off after 77 ('' when none do). */
  tokens(prompt: string): { count: number; cut: string };
  close(): Promise<void>;
}
