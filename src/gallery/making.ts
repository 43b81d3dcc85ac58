import { type Live, type PageMeta, renderPage, sectionPictures } from './page.ts';
import type { PagePicture, Section, SectionText } from './section.ts';

/** What is new since a version of the page. */
export interface PageChanges {
  readonly version: number;
  /** Section → its pictures as HTML. */
  readonly pictures: Readonly<Record<string, string>>;
  /** Whether more is to come. */
  readonly making: boolean;
}

/**
 * A page while its pictures are made: it can be read from the first moment, says what is missing, and tells whoever reads it
 * what has come. The section that was looked at last is wanted first.
 */
export class PageInMaking {
  readonly #sections = new Map<
    string,
    { text: SectionText; pictures: PagePicture[]; version: number; done: boolean }
  >();
  #meta: PageMeta;
  #version = 0;
  #making = true;
  #lookedAt: string | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(sections: readonly SectionText[], meta: PageMeta) {
    this.#meta = meta;
    for (const text of sections) this.#sections.set(text.id, { text, pictures: [], version: 0, done: false });
  }

  /** The section whose pictures should be made next; undefined where nobody waits for one that is not finished. */
  get wanted(): string | undefined {
    const section = this.#lookedAt === undefined ? undefined : this.#sections.get(this.#lookedAt);
    return section?.done === false ? this.#lookedAt : undefined;
  }

  /** A reader looks at this section. */
  lookAt(section: string): void {
    if (this.#sections.has(section)) this.#lookedAt = section;
  }

  /** A picture has been made. */
  add(section: string, picture: PagePicture): void {
    const found = this.#sections.get(section)!;
    found.pictures.push(picture);
    found.version = this.#next();
  }

  /** A section has all its pictures. */
  complete(section: string): void {
    const found = this.#sections.get(section)!;
    found.done = true;
    found.version = this.#next();
  }

  /** Nothing more will come: everything is there, or the making was given up. */
  finish(meta: Partial<PageMeta> = {}): void {
    this.#meta = { ...this.#meta, ...meta };
    this.#making = false;
    for (const section of this.#sections.values()) if (!section.done) section.version = this.#version + 1;
    this.#next();
  }

  get sections(): Section[] {
    return [...this.#sections.values()].map(({ text, pictures, done }) => ({
      experiment: text,
      pictures,
      coming: this.#making && !done,
    }));
  }

  /** The page as it stands; with what makes its figures live, where that lies beside it. */
  html(live?: Live): string {
    return renderPage(
      this.sections,
      { ...this.#meta, live },
      this.#making ? { version: this.#version } : undefined,
    );
  }

  /** What has come since version `seen`; waits for it, but not for ever. */
  async changes(
    seen: number,
    { signal, waitMs = 20_000 }: { signal?: AbortSignal; waitMs?: number } = {},
  ): Promise<PageChanges> {
    if (this.#making && this.#version <= seen) await this.#change(waitMs, signal);
    const newer = this.sections.filter(({ experiment }) => this.#sections.get(experiment.id)!.version > seen);
    return {
      version: this.#version,
      pictures: Object.fromEntries(newer.map((section) => [section.experiment.id, sectionPictures(section)])),
      making: this.#making,
    };
  }

  #change(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        this.#waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, waitMs);
      this.#waiting.add(go);
      signal?.addEventListener('abort', go, { once: true });
    });
  }

  #next(): number {
    this.#version++;
    for (const go of [...this.#waiting]) go();
    return this.#version;
  }
}
