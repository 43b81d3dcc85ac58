import { DownloadError } from '../src/errors.ts';
import { isKept } from '../src/platform/browser/fetched.ts';
import { make } from './dom.ts';
import { megabytes, runtimeFile } from './runtime.ts';

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
