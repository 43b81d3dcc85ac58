import { backend, isObject } from './backend.ts';
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

const asked = new Set<string>();

/** Another browser's picture, or one of a link: the backend knows what it was called. */
function ask(reference: string): void {
  if (asked.has(reference)) return;
  asked.add(reference);
  backend.calledAs(reference.slice('object:'.length)).then(
    (name) => name && rememberName(reference, name),
    () => undefined,
  );
}

/** "cat.jpg"; where nobody knows it, or not yet, the beginning of its hash. */
export function pictureName(reference: string): string {
  const name = names.get()[reference];
  if (name !== undefined || !isObject(reference)) return name ?? reference;
  ask(reference);
  return `picture ${reference.slice(7, 13)}`;
}
