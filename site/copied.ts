import { press } from './dom.ts';

/** A button that copies a link, and says whether it did. */
export function copied(link: () => string): HTMLElement {
  const button = press('Copy link', async () => {
    const done = await navigator.clipboard.writeText(link()).then(
      () => true,
      () => false,
    );
    button.textContent = done ? 'Copied' : 'The address of the page is the link';
  });
  return button;
}
