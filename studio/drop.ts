import { experimentNamed, loading } from './catalogue.ts';
import { draftOf, putPicture, setDraft } from './drafts.ts';
import { draggedPicture, dragsPicture } from './drag.ts';
import { droppedPicture, picturesIn, sendPicture } from './files.ts';
import { flowIn, takesPicture } from './flows.ts';
import { gently } from './gently.ts';
import { complain, notify } from './notices.ts';
import { go, linkTo, parseRoute } from './route.ts';
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
  setDraft(experiment.id, gently(experiment, draftOf(experiment)));
  if (experiment !== here) go(linkTo.experiment(experiment.id));
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
