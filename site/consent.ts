import { DownloadError } from '../src/errors.ts';
import { isKept } from '../src/platform/browser/fetched.ts';
import { make } from './dom.ts';
import { megabytes, runtimeFile } from './runtime.ts';

/** It stands in the page, in the studio, and in anybody's page: it brings what it needs. */
const css = `
.consent { width: auto; max-width: min(26rem, 100vw - 2rem); padding: 1.2rem 1.4rem; border: 1px solid; border-radius: 6px; line-height: 1.5; }
.consent p { margin: 0 0 1rem; }
.consent button { min-height: 2.75rem; padding: 0 1rem; }
`;

let asked: Promise<void> | undefined;

/**
 * Who told their browser to save data is asked before model and runtime are fetched, once a page.
 *
 * @throws {DownloadError} 'fetch-refused' when they would rather not
 */
export async function mayFetch(): Promise<void> {
  const { connection } = navigator as Navigator & { readonly connection?: { readonly saveData?: boolean } };
  if (!connection?.saveData || (await isKept(runtimeFile.address, runtimeFile))) return;
  asked ??= ask();
  try {
    await asked;
  } catch (error) {
    asked = undefined;
    throw error;
  }
}

function ask(): Promise<void> {
  const dialog = make(
    'dialog',
    { className: 'consent' },
    make('style', { textContent: css }),
    make('p', {
      textContent: `Your browser saves data. Computing here fetches the model and what runs it, ${megabytes} MB, once; after that nothing more.`,
    }),
    make(
      'form',
      { method: 'dialog' },
      make('button', { value: 'yes', textContent: `Fetch ${megabytes} MB` }),
      ' ',
      make('button', { value: 'no', textContent: 'Not now' }),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve, reject) => {
    dialog.onclose = () => {
      dialog.remove();
      if (dialog.returnValue === 'yes') resolve();
      else
        reject(
          new DownloadError('fetch-refused', 'nothing was fetched, and so nothing ran', {
            hint: 'run it once more to be asked again',
          }),
        );
    };
  });
}
