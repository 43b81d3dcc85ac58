import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from './site.ts';

/** What the studio's worker made of a recipe. */
export interface MadeInTab {
  /** RGB by the id of the figure. */
  readonly figures: Readonly<Record<string, number[]>>;
  /** Milliseconds from the beginning to each step. */
  readonly steps: readonly number[];
  readonly error: string | undefined;
}

interface Comlink {
  wrap(worker: Worker): {
    run(recipe: unknown, tell: unknown, fetching: unknown): Promise<{ message: string } | undefined>;
  };
  proxy<T>(value: T): T;
}

/** A page of the site into which the studio's worker can be called. */
export async function openTab(page: Page, site: string): Promise<void> {
  await page.goto(`${site}studio/`);
  await page.addScriptTag({ path: join(root, 'node_modules/comlink/dist/umd/comlink.js') });
}

/** Runs a recipe in the studio's worker, past the queue: what runs in the page. */
export async function madeHere([compute, recipe]: readonly [
  compute: string,
  recipe: unknown,
]): Promise<MadeInTab> {
  const { wrap, proxy } = (globalThis as unknown as { Comlink: Comlink }).Comlink;
  const began = performance.now();
  const shared = globalThis as { computing?: ReturnType<Comlink['wrap']> };
  shared.computing ??= wrap(new Worker(`../${compute}`, { type: 'module' }));
  const worker = shared.computing;
  const steps: number[] = [];
  const objects: [string, string][] = [];
  const tell = async (event: { type: string; figure?: { id: string; object: string } }) => {
    if (event.type === 'step') steps.push(performance.now() - began);
    if (event.figure) objects.push([event.figure.id, event.figure.object]);
  };
  const failed = await worker.run(
    recipe,
    proxy(tell),
    proxy(() => {}),
  );
  const db = await new Promise<IDBDatabase>((resolve) => {
    const opening = indexedDB.open(`campanile ${new URL('..', location.href).pathname}`);
    opening.onsuccess = () => resolve(opening.result);
  });
  const fileOf = (object: string) =>
    new Promise<Blob>((resolve) => {
      const asked = db.transaction('pictures').objectStore('pictures').get(object);
      asked.onsuccess = () => resolve(asked.result.file);
    });
  const figures: Record<string, number[]> = {};
  for (const [id, object] of objects) {
    const bitmap = await createImageBitmap(await fileOf(object));
    const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    pen.drawImage(bitmap, 0, 0);
    const { data } = pen.getImageData(0, 0, bitmap.width, bitmap.height);
    figures[id] = [...data].filter((_, i) => i % 4 !== 3);
  }
  db.close();
  return { figures, steps, error: failed?.message };
}

/**
 * Runs a recipe in the studio's worker, past the queue.
 *
 * @param compute  the worker's file, relative to the site
 */
export const runInTab = (page: Page, compute: string, recipe: unknown): Promise<MadeInTab> =>
  page.evaluate(madeHere, [compute, recipe] as const);
