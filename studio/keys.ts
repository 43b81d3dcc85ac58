import { useEffect } from 'react';

/** What a key does here, for the hand and for the list under `?`. */
export interface Key {
  readonly keys: readonly string[];
  readonly says: string;
  run(): void;
}

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.matches(
    'input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [role=application] *, [role=application]',
  );

const arrowsAreTaken = (target: EventTarget | null): boolean =>
  target instanceof Element && target.matches('input, [role=slider], [role=application], select');

/** "Ctrl+Enter", "?", "ArrowLeft" */
export const pressed = (event: KeyboardEvent): string =>
  `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.key.length === 1 ? event.key.toLowerCase() : event.key}`;

/** Keys of the whole window, except where text is typed and where a dialog is open. */
export function useKeys(keys: readonly Key[]): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || document.querySelector('dialog[open]')) return;
      const what = pressed(event);
      const key = keys.find((one) => one.keys.includes(what));
      if (!key || (typing(event.target) && !what.startsWith('Ctrl+'))) return;
      if (what.startsWith('Arrow') && arrowsAreTaken(event.target)) return;
      event.preventDefault();
      key.run();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [keys]);
}
