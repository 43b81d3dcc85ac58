import { mayFetch } from '../../site/consent.ts';
import { sha256 } from '../../src/checkpoint/hash.ts';
import { CampanileError } from '../../src/errors.ts';
import { everyExperiment, ownMasks, ownPictures, ownPictureUrl } from '../../src/experiments/index.ts';
import { canonicalJson } from '../../src/experiments/recipe.ts';
import { type Acceptor, accepted } from '../../src/jobs/accepted.ts';
import type { ComputeInfo } from '../../src/jobs/compute-messages.ts';
import { isFinal, type Job, type JobEvent, type NamedPicture, type Recipe } from '../../src/jobs/job.ts';
import { RefusedError as Refusal } from '../../src/jobs/refused.ts';
import { experimentInfo } from '../../src/server/experiment-info.ts';
import { type Backend, RefusedError } from '../backend.ts';
import { addressOf, findOwnAddresses, knownAddress, tabStore } from './pictures.ts';
import { cancel, eventsOf, getJob, hearing, listJobs, mark, remove, submit } from './queue.ts';
import { keepUpload, recipeInside } from './upload.ts';
import { workOff } from './work.ts';

/** The browser itself: jobs and pictures in IndexedDB, the model in a worker of one tab for all. */
export function tabBackend(): Backend {
  let acceptor: Promise<Acceptor & { info: ComputeInfo }> | undefined;
  const opened = () => (acceptor ??= findAcceptor());

  return {
    place: 'This browser',

    catalogue: () =>
      plainly(async () => {
        const { info } = await opened();
        await findOwnAddresses();
        workOff();
        return { experiments: everyExperiment.map(experimentInfo), ...info };
      }),

    submit: ({ force = false, ...asked }) =>
      plainly(async () => {
        await mayFetch();
        const { info } = await opened();
        const recipe = await accepted(await opened(), asked as Recipe);
        const nonce = force ? crypto.randomUUID() : undefined;
        const id = await sha256(canonicalJson({ version: 1, recipe, engine: info.engine, nonce }));
        void navigator.storage?.persist?.(); // or a browser that is short of room may take the history away
        const { job, known } = await submit(id, recipe);
        return { job: await shown(job), known };
      }),
    job: (id) => plainly(async () => shown((await getJob(id)) ?? unknown(id))),
    jobs: (query) =>
      plainly(async () => {
        const { jobs, ...page } = await listJobs(query);
        return { ...page, jobs: await Promise.all(jobs.map(shown)) };
      }),
    cancel: (id) => plainly(async () => shown((await cancel(id)) ?? unknown(id))),
    mark: (id, marks) => plainly(async () => shown((await mark(id, marks)) ?? unknown(id))),
    remove: (id) => plainly(async () => void ((await remove(id)) || unknown(id))),

    listen(listener) {
      hearing((message) => {
        if (message.says === 'event') void shownEvent(message.event).then((event) => listener.heard(event));
      });
      listener.state('live');
      return { retry: () => undefined };
    },
    told,

    keep: (picture) => plainly(() => keepUpload(picture)),
    recipeIn: (png) =>
      plainly(async () => {
        const recipe = recipeInside(new Uint8Array(await png.arrayBuffer()));
        if (!recipe)
          throw new Refusal(422, 'no-recipe', 'there is no recipe of campanile in this file', {
            hint: 'take the PNG as it was downloaded: other programs drop the recipe when they save a picture',
          });
        return { recipe, problems: await problemsOf(await opened(), recipe) };
      }),
    calledAs: tabStore.calledAs,
    objectUrl: knownAddress,
  };
}

/** What `campanile site` wrote of models and engine, so that nothing large has to be fetched to show a form. */
async function findAcceptor(): Promise<Acceptor & { info: ComputeInfo }> {
  const about = (await (await fetch('../about.json')).json()) as Omit<ComputeInfo, 'pictures'>;
  const size = 256;
  const named = (kind: NamedPicture['kind']) => (reference: Parameters<typeof ownPictureUrl>[0]) => ({
    reference,
    kind,
    object: '',
    url: ownPictureUrl(reference, size),
    width: size,
    height: size,
  });
  const pictures = [...ownPictures.map(named('picture')), ...ownMasks.map(named('mask'))];
  return { experiments: everyExperiment, info: { ...about, pictures }, has: tabStore.has };
}

async function problemsOf(acceptor: Acceptor, recipe: Recipe): Promise<NonNullable<Refusal['errors']>> {
  try {
    await accepted(acceptor, recipe);
    return [];
  } catch (error) {
    if (error instanceof Refusal && error.errors) return error.errors;
    throw error;
  }
}

function unknown(id: string): never {
  throw new Refusal(404, 'job', `there is no job ${id.slice(0, 64)}`);
}

/** What one job has told, and goes on telling to its end. */
async function* told(id: string, signal: AbortSignal): AsyncGenerator<JobEvent> {
  const waiting: JobEvent[] = [];
  let wake = () => {};
  const stop = hearing((message) => {
    if (message.says !== 'event' || message.event.job !== id) return;
    waiting.push(message.event);
    wake();
  });
  signal.addEventListener('abort', () => wake());
  try {
    let last = 0;
    waiting.unshift(...(await eventsOf(id)));
    while (!signal.aborted) {
      const event = waiting.shift();
      if (!event) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      if (event.seq <= last) continue;
      last = event.seq;
      yield await shownEvent(event);
      if (isFinal(event.type) && waiting.length === 0) return;
    }
  } finally {
    stop();
  }
}

/** With pictures that this tab can show: what is stored has no address. */
async function shown(job: Job): Promise<Job> {
  const objects = JSON.stringify(job.recipe).match(/(?<=object:)[0-9a-f]{64}/g) ?? [];
  await Promise.all(objects.map(addressOf));
  return { ...job, figures: await Promise.all(job.figures.map(placed)) };
}

const placed = async <T extends { readonly object: string }>(picture: T): Promise<T & { url: string }> => ({
  ...picture,
  url: await addressOf(picture.object),
});

async function shownEvent(event: JobEvent): Promise<JobEvent> {
  if (event.type === 'figure') return { ...event, figure: await placed(event.figure) };
  if (event.type === 'done') return { ...event, figures: await Promise.all(event.figures.map(placed)) };
  if (event.type === 'step') return { ...event, x: await placed(event.x), x0: await placed(event.x0) };
  return event;
}

/** What went wrong, as the studio is told it by any backend. */
async function plainly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CampanileError)) throw error;
    const { code, message: detail, hint, status } = error;
    throw new RefusedError({
      type: `urn:campanile:error:${code}`,
      title: 'Not possible',
      status,
      detail,
      code,
      ...(hint === undefined ? {} : { hint }),
      ...(error instanceof Refusal && error.errors ? { errors: [...error.errors] } : {}),
    });
  }
}
