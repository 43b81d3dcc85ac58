import { everyExperiment, fieldsOf } from '../src/experiments/index.ts';
import { make, press } from './dom.ts';
import { photographed } from './own-picture.ts';
import { setPagePicture } from './page-picture.ts';
import { inWords } from './turn.ts';

/** A figure that is there, or can be opened. */
export interface Openable {
  readonly experiment: string;
  open(): Promise<void>;
}

const said = make('span');
const back = press('Back to the tower', () => {
  bar.hidden = true;
  seen.hidden = true;
  void setPagePicture(undefined);
});
const seen = make('img', { alt: 'your picture', width: 44, height: 44, hidden: true });
const bar = make('div', { className: 'your-picture-bar', hidden: true }, seen, said, back);
bar.setAttribute('role', 'status');

/** The reader's photograph becomes the picture of every figure that is about one: those open where they are closed. */
export async function everywhere(file: Blob, figures: readonly Openable[]): Promise<void> {
  if (!bar.isConnected) document.body.append(bar);
  bar.hidden = false;
  try {
    const address = await photographed(file);
    seen.src = address;
    said.textContent = 'Now about your picture.';
    seen.hidden = false;
    back.textContent = 'Back to the tower';
    await setPagePicture(address);
    for (const { experiment, open } of figures) if (isAboutPicture(experiment)) await open();
  } catch (error) {
    said.textContent = inWords(error);
    // Nothing to go back from.
    if (seen.hidden) back.textContent = 'Close';
  }
}

function isAboutPicture(id: string): boolean {
  const experiment = everyExperiment.find((known) => known.id === id);
  return (
    experiment !== undefined &&
    Object.values(fieldsOf(experiment).properties).some(({ kind }) => kind === 'picture')
  );
}
