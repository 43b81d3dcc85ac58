import { watchFetching } from '../src/platform/browser/fetched.ts';

const MEGABYTE = 1e6;

/** What is said while a model is taken from its files. */
export const OPENING = 'opening the model …';

/**
 * Says how much of what is fetched has come, and that the model is opened once all of it has.
 *
 * @param warn  is told why it will have to be fetched again another time
 */
export function sayFetching(say: (text: string) => void, warn = say): () => void {
  const files = new Map<string, { done: number; bytes: number | undefined }>();
  return watchFetching(({ address, done, bytes, notKept }) => {
    if (notKept !== undefined) return warn(notKept);
    files.set(address, { done, bytes });
    const come = [...files.values()].reduce((sum, file) => sum + file.done, 0);
    const all = [...files.values()].reduce((sum, file) => sum + (file.bytes ?? file.done), 0);
    // All of it is there: what takes its time now is no longer the network.
    if ([...files.values()].every((file) => file.done === file.bytes)) return say(OPENING);
    say(`fetching the model: ${(come / MEGABYTE).toFixed(1)} of ${(all / MEGABYTE).toFixed(1)} MB`);
  });
}
