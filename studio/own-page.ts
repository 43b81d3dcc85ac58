import type { Recipe } from '../src/server/api-types.ts';
import { notify } from './notices.ts';
import { sharedStore } from './store.ts';

/** A section of the reader's own page: what makes its figures, and their own words about them. */
export interface OwnSection {
  readonly key: string;
  /** Absent: words alone. */
  readonly recipe?: Pick<Recipe, 'experiment' | 'params' | 'from'>;
  readonly title?: string;
  /** Markdown; absent: what the experiment says of itself. */
  readonly text?: string;
  /** Of a page that was opened from a file. */
  readonly id?: string;
  readonly remark?: string;
  /** The job that made it, and which of its figures is shown; all of them when none is named. */
  readonly job?: string;
  readonly figure?: string;
}

/** What is kept for a page of one's own. */
export interface OwnPage {
  readonly title: string;
  /** Markdown. */
  readonly introduction: string;
  readonly sections: readonly OwnSection[];
  /** Names of files that lie beside the page's own, where a browser does not see them. */
  readonly pictures?: Readonly<Record<string, string>>;
}

const EMPTY: OwnPage = { title: 'My page', introduction: '', sections: [] };

/** The reader's page, as every tab of this browser has it. */
export const ownPage = sharedStore<OwnPage>('campanile.page', EMPTY, () =>
  notify('This browser has no room to keep your page: save its file before you close the tab.', {
    tone: 'bad',
  }),
);

export const changePage = (change: Partial<OwnPage>): void => ownPage.set((page) => ({ ...page, ...change }));

const changeSections = (change: (sections: readonly OwnSection[]) => readonly OwnSection[]): void =>
  ownPage.set((page) => ({ ...page, sections: change(page.sections) }));

export const newKey = (): string => crypto.getRandomValues(new Uint32Array(2)).join('-');

/** As many as a page may have. */
const MOST = 200;

/** Puts what made a figure, or all figures of a job, at the end of the page. */
export function keepOnPage(section: Omit<OwnSection, 'key'>): void {
  const { sections } = ownPage.get();
  const same = ({ recipe }: OwnSection) => JSON.stringify(recipe) === JSON.stringify(section.recipe);
  if (section.recipe && sections.some(same)) notify('It is on your page already.');
  else if (sections.length >= MOST)
    notify(`Your page has ${MOST} sections: more do not fit.`, { tone: 'bad' });
  else {
    changeSections((now) => [...now, { key: newKey(), ...section }]);
    if (section.recipe) notify('It is on your page.');
  }
}

export const changeSection = (key: string, change: Partial<OwnSection>): void =>
  changeSections((sections) => sections.map((one) => (one.key === key ? { ...one, ...change } : one)));

/** Up or down by one place. */
export const moveSection = (key: string, by: -1 | 1): void =>
  changeSections((sections) => {
    const from = sections.findIndex((one) => one.key === key);
    const to = from + by;
    if (from < 0 || to < 0 || to >= sections.length) return sections;
    return sections.with(from, sections[to]!).with(to, sections[from]!);
  });

export function removeSection(key: string): void {
  const { sections } = ownPage.get();
  const at = sections.findIndex((one) => one.key === key);
  const gone = sections[at];
  if (!gone) return;
  changeSections((now) => now.filter((one) => one !== gone));
  // Back to its place, among whatever has been changed since.
  const back = () => changeSections((now) => now.toSpliced(at, 0, gone));
  notify('The section is off your page.', { action: { label: 'Undo', run: back } });
}
