import type { ReactNode } from 'react';

/** What is wider than the screen is scrolled, with keys too: so it can have the focus. */
export function ScrollRegion({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keys (WCAG 2.1.1)
    <section className="figure-scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
