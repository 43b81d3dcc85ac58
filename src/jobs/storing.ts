import { type WritingHints, writing } from '../writing.ts';

/** What helps where jobs and their pictures are kept. */
export const inState: WritingHints = {
  elsewhere: 'choose another folder with --state or --store, or change its owner',
  full: 'free some space; what was accepted before is safe and goes on by itself',
};

export const storing = <T>(path: string, write: () => Promise<T>): Promise<T> =>
  writing(path, write, inState);
