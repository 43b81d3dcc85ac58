import { isObject } from './backend.ts';
import { rememberedStore } from './store.ts';

const MOST = 500;

/** What people call the pictures that the backend knows by their hash: a file's name, a result's place. */
export const names = rememberedStore<Readonly<Record<string, string>>>('campanile.names', {});

export const rememberName = (reference: string, name: string): void =>
  names.set((all) =>
    all[reference] === name
      ? all
      : Object.fromEntries([...Object.entries({ ...all, [reference]: name })].slice(-MOST)),
  );

/** "cat.jpg"; of a picture that somebody else brought, the beginning of its hash. */
export const pictureName = (reference: string): string =>
  names.get()[reference] ?? (isObject(reference) ? `picture ${reference.slice(7, 13)}` : reference);
