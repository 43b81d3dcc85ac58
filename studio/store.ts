import { useSyncExternalStore } from 'react';

/** A value that changes, and those who watch it. */
export interface Store<T> {
  get(): T;
  set(next: T | ((now: T) => T)): void;
  subscribe(listener: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      const changed = typeof next === 'function' ? (next as (now: T) => T)(value) : next;
      if (Object.is(changed, value)) return;
      value = changed;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get);

/** A store that a reload does not empty; what cannot be read any more counts as absent. */
export function rememberedStore<T>(key: string, initial: T): Store<T> {
  const store = createStore<T>(recall(key) ?? initial);
  // Where storage is full or forbidden, the value lives as long as the tab.
  store.subscribe(() => void remember(key, store.get()));
  return store;
}

/**
 * The same for what all tabs work on together: a change in one is seen in the others.
 *
 * @param lost  is told when a change could not be kept
 */
export function sharedStore<T>(key: string, initial: T, lost: () => void): Store<T> {
  const store = createStore<T>(recall(key) ?? initial);
  let heard = false;
  store.subscribe(() => {
    if (!heard && !remember(key, store.get())) lost();
  });
  addEventListener('storage', (event) => {
    if (event.key !== key) return;
    heard = true;
    store.set(recall(key) ?? initial);
    heard = false;
  });
  return store;
}

/** @returns whether there was room */
function remember(key: string, value: unknown): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

function recall<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(key);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}
