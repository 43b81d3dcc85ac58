/**
 * Makes the figures of a finished page live. The page is complete without it: until somebody opens a figure it adds a button
 * to each section, and fetches nothing.
 */
import type { LiveFigure } from '../src/gallery/page.ts';
import { type Asked, hashOf, placeOf } from './address.ts';
import { make } from './dom.ts';
import type { Openable } from './everywhere.ts';
import { keepForOffline } from './offline.ts';
import css from './page.css?inline';

document.head.append(make('style', { textContent: css }));
const { megabytes, figures = '{}' } =
  document.querySelector<HTMLScriptElement>('script[data-figures]')?.dataset ?? {};

/** What grows is seen where it is before anything scrolls: in one frame, both together move what is in view. */
const painted = () => new Promise<void>((told) => requestAnimationFrame(() => setTimeout(told)));

const openable: Openable[] = [];
for (const [id, figure] of Object.entries(JSON.parse(figures) as Record<string, LiveFigure>)) {
  const section = document.getElementById(id);
  if (!section) continue;
  const button = make('button', { type: 'button', className: 'run-here', textContent: 'Run it here' });
  const note = make('span', { className: 'run-note' });
  note.textContent = `in this tab, with your own values; what needs the model fetches it once (${megabytes} MB)`;
  const place = make('div', { className: 'live' }, button, ' ', note);
  section.append(place);
  button.onclick = () =>
    void open(id, figure, place, button).then(async (element) => {
      await painted();
      element?.scrollIntoView({ block: 'nearest' }); // what was asked for is in view, not below the fold
    });
  openable.push({
    experiment: figure.experiment,
    open: async () => {
      if (!button.disabled) await open(id, figure, place, button);
    },
  });
}

async function open(
  id: string,
  figure: LiveFigure,
  place: HTMLElement,
  button: HTMLButtonElement,
): Promise<HTMLElement | undefined> {
  button.disabled = true;
  try {
    const { CampanileFigure } = await import('./element.ts');
    const element = new CampanileFigure();
    const given = placeOf(location.hash);
    const { from } = figure;
    // A link to what the section branches from says so.
    const told = (asked: Asked) => hashOf({ id, ...asked, from: asked.from ?? (from && []) });
    await element.show(
      figure,
      given.id === id && (given.from || !from || Object.keys(given.params).length > 0)
        ? given
        : { params: {}, ...(from && { from }) },
      (asked) => history.replaceState(null, '', told(asked)),
      () => new URL(placeOf(location.hash).id === id ? location.hash : `#${id}`, location.href).href,
    );
    place.replaceChildren(element);
    return element;
  } catch (error) {
    button.disabled = false;
    place.append(
      make('p', {
        className: 'live-problem',
        textContent: `This could not be loaded: ${(error as Error).message}`,
      }),
    );
    return undefined;
  }
}

/** The reader's own picture, chosen at the top or dropped anywhere, is that of the whole page. */
async function take(file: File | null | undefined): Promise<void> {
  if (file) await (await import('./everywhere.ts')).everywhere(file, openable);
}
const chosen = make('input', { type: 'file', accept: 'image/*', hidden: true });
document.body.append(chosen);
chosen.onchange = () => void take(chosen.files?.[0]);
for (const button of document.querySelectorAll<HTMLButtonElement>('.your-picture')) {
  button.disabled = false;
  button.onclick = () => chosen.click();
}
addEventListener('dragover', (event) => {
  if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
});
addEventListener('drop', (event) => {
  const [file] = event.dataTransfer?.files ?? [];
  if (!file) return;
  event.preventDefault();
  void take(file);
});

/**
 * A link that carries values opens its figure; once it is open, it keeps what stands in it. Until then its place is the last thing
 * in view, so that the figure moves nothing that is seen.
 */
async function follow(): Promise<void> {
  const { id, params, from } = placeOf(location.hash);
  if (Object.keys(params).length === 0 && !from) return;
  await painted();
  const section = document.getElementById(id);
  const button = section?.querySelector<HTMLButtonElement>('.run-here');
  section?.querySelector('.live')?.scrollIntoView({ block: 'end' });
  button?.click();
}
addEventListener('hashchange', () => void follow());
void follow();
keepForOffline('./');
