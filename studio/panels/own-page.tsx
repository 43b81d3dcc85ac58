import { type ReactNode, useState } from 'react';
import { CampanileError } from '../../src/errors.ts';
import { useCatalogue } from '../catalogue.ts';
import { chooseFiles, fileName, PICTURE_TYPES, save } from '../files.ts';
import { Icon } from '../icons.tsx';
import { complain, notify } from '../notices.ts';
import { changePage, keepOnPage, ownPage } from '../own-page.ts';
import { openPageFile, pageFile } from '../own-page-file.ts';
import { useStore } from '../store.ts';
import { OwnSectionCard } from './own-section.tsx';

/** What was kept on the bench as a page: in the reader's order, with their words, and as the file from which it is built. */
export default function OwnPagePage() {
  const page = useStore(ownPage);
  const catalogue = useCatalogue();
  const [busy, setBusy] = useState(false);
  const name = `${fileName(page.title)}.json`;
  const act = (work: () => Promise<void>) => async () => {
    setBusy(true);
    await work().catch(refuse);
    setBusy(false);
  };
  const saveFile = act(async () => {
    save(new Blob([await pageFile(page, catalogue)], { type: 'application/json' }), name);
  });
  const openFile = act(async () => {
    const files = await chooseFiles(`application/json,.json,${PICTURE_TYPES}`, true);
    if (files.length === 0) return;
    const { page: opened, missing } = await openPageFile(files, catalogue);
    ownPage.set(opened);
    if (page.sections.length > 0)
      notify('The page from the file is in the place of yours.', {
        action: { label: 'Undo', run: () => ownPage.set(page) },
      });
    if (missing.length > 0)
      notify(`The page names ${missing.join(', ')}, which a browser does not find by itself.`, {
        tone: 'bad',
        detail: 'Open the file again together with these pictures to see them here; it builds without.',
      });
  });
  const empty = page.sections.length === 0;
  const beside = Object.values(page.pictures ?? {});
  return (
    <article className="own-page">
      <header>
        <h1>My page</h1>
        <p className="lead">
          Figures that you kept on the bench, in your order and with your words. The page is built from its
          file.
        </p>
        <div className="buttons">
          <button type="button" className="primary" disabled={empty || busy} onClick={() => void saveFile()}>
            Save file
          </button>
          <button type="button" disabled={busy} onClick={() => void openFile()}>
            Open file…
          </button>
        </div>
        {!empty && (
          <p className="hint">
            {beside.length > 0 ? `${beside.join(', ')} must lie beside it; your` : 'Your'} own pictures are
            inside it. It becomes a page by <code>{`npx campanile page --from ${name} --out my-page`}</code>,
            and a site whose figures run by <code>{`npx campanile site my-site --from ${name}`}</code>.
          </p>
        )}
      </header>
      <Labelled name="Title">
        <input
          type="text"
          value={page.title}
          maxLength={200}
          onChange={(event) => changePage({ title: event.target.value })}
        />
      </Labelled>
      <Labelled name="Introduction, Markdown">
        <textarea
          rows={2}
          value={page.introduction}
          onChange={(event) => changePage({ introduction: event.target.value })}
        />
      </Labelled>
      {empty && (
        <p className="empty">
          Nothing is kept yet. Run something on the bench, and press <Icon name="page" /> on its picture, or
          “Keep all on my page” under Share.
        </p>
      )}
      <ol className="own-sections">
        {page.sections.map((section, place) => (
          <OwnSectionCard
            key={section.key}
            section={section}
            place={place}
            last={place === page.sections.length - 1}
          />
        ))}
      </ol>
      <p>
        <button type="button" className="add" onClick={() => keepOnPage({ text: '' })}>
          <Icon name="plus" />
          Words alone
        </button>
      </p>
    </article>
  );
}

const Labelled = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: the control is its child
  <label className="field">
    <span className="label">{name}</span>
    {children}
  </label>
);

/** In the words of the command, with what to do. */
function refuse(error: unknown): void {
  if (error instanceof CampanileError)
    notify(error.message, { tone: 'bad', ...(error.hint !== undefined && { detail: error.hint }) });
  else complain(error);
}
