import { watchFetching } from '../src/platform/browser/fetched.ts';

const MEGABYTE = 1e6;

/** Says how much of what is fetched has come, as long as something does. */
export function sayFetching(say: (text: string) => void): () => void {
  const files = new Map<string, { done: number; bytes: number | undefined }>();
  return watchFetching(({ address, done, bytes, notKept }) => {
    if (notKept !== undefined) return say(notKept);
    files.set(address, { done, bytes });
    const come = [...files.values()].reduce((sum, file) => sum + file.done, 0);
    const all = [...files.values()].reduce((sum, file) => sum + (file.bytes ?? file.done), 0);
    say(`fetching the model: ${(come / MEGABYTE).toFixed(1)} of ${(all / MEGABYTE).toFixed(1)} MB`);
  });
}
