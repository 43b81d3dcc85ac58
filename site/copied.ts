import { press } from './dom.ts';

/** Long enough to be read. */
const SAID_MS = 3000;

/** A button that copies a link, and says for a while whether it did: the next link is another. */
export function copied(link: () => string): HTMLElement {
  const name = 'Copy link';
  const button = press(name, async () => {
    const done = await navigator.clipboard.writeText(link()).then(
      () => true,
      () => false,
    );
    button.textContent = done ? 'Copied' : 'The address of the page is the link';
    setTimeout(() => {
      button.textContent = name;
    }, SAID_MS);
  });
  return button;
}
