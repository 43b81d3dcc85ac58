import type { ExperimentInfo } from '../src/server/api-types.ts';
import { experimentNamed, loading } from './catalogue.ts';
import { draftOf, putPicture, setDraft } from './drafts.ts';
import { draggedPicture, dragsPicture } from './drag.ts';
import { droppedPicture, picturesIn, sendPicture } from './files.ts';
import { flowIn, takesPicture } from './flows.ts';
import { complain, notify } from './notices.ts';
import { go, linkTo, parseRoute } from './route.ts';
import { isList, kindOf } from './schema.ts';
import { createStore } from './store.ts';

/** A picture hovers over the window. */
export const hovering = createStore(false);

/** The picture of whoever is on the bench, or of the flow that changes a photo. */
export async function takePicture(given: File | string): Promise<void> {
  const now = loading.get();
  const experiments = now.state === 'ready' ? now.catalogue.experiments : [];
  const route = parseRoute(location.hash);
  const here = route.page === 'experiment' ? experimentNamed(route.experiment) : undefined;
  const experiment = here && takesPicture(here) ? here : flowIn(experiments, 'photo');
  if (!experiment) return notify('There is nothing here that begins with a picture.');
  const reference = typeof given === 'string' ? given : (await sendPicture(given)).reference;
  putPicture(experiment, reference);
  beginGently(experiment);
  if (experiment !== here) go(linkTo.experiment(experiment.id));
}

/** Of the steps, how many are skipped: little change first, which is also the quickest to be there. */
const GENTLY = [0.88, 0.75, 0.62, 0.47, 0.31];

/** The document's values are for its own picture; of one's own, one wants to see the small changes, too. */
function beginGently(experiment: ExperimentInfo): void {
  const draft = draftOf(experiment);
  for (const [name, field] of Object.entries(experiment.schema.properties)) {
    const untouched = JSON.stringify(draft[name]) === JSON.stringify(field.default);
    if (kindOf(field) !== 'iStart' || !isList(field) || !untouched) continue;
    const most = field.items?.maximum ?? 0;
    setDraft(experiment.id, { ...draft, [name]: GENTLY.map((share) => Math.round(share * most)) });
  }
}

/** Anywhere in the window a picture can be dropped, or pasted where nothing else takes it. */
export function takeDroppedPictures(): () => void {
  let hidden: ReturnType<typeof setTimeout> | undefined;
  const over = (event: DragEvent) => {
    if (!dragsPicture(event.dataTransfer)) return;
    event.preventDefault();
    hovering.set(true);
    // A drag that leaves the window says nothing.
    clearTimeout(hidden);
    hidden = setTimeout(() => hovering.set(false), 300);
  };
  const drop = (event: DragEvent) => {
    hovering.set(false);
    if (event.defaultPrevented) return;
    event.preventDefault();
    take(draggedPicture(event.dataTransfer) ?? droppedPicture(event.dataTransfer));
  };
  const paste = (event: ClipboardEvent) => {
    if (!event.defaultPrevented) take(picturesIn(event.clipboardData)[0]);
  };
  const take = (given: File | string | undefined) => {
    if (given) void takePicture(given).catch(complain);
  };
  addEventListener('dragover', over);
  addEventListener('drop', drop);
  addEventListener('paste', paste);
  return () => {
    removeEventListener('dragover', over);
    removeEventListener('drop', drop);
    removeEventListener('paste', paste);
  };
}
