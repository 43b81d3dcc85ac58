import { CampanileError } from '../src/errors.ts';
import {
  type Experiment,
  everyExperiment,
  parseParams,
  pictureBook,
  runExperiment,
} from '../src/experiments/index.ts';
import type { LiveFigure } from '../src/gallery/page.ts';
import type { Models } from '../src/models/model.ts';
import { hashOf, placeOf } from './address.ts';
import { type Control, chosen, controlsOf } from './controls.ts';
import { make } from './dom.ts';
import { sayFetching } from './fetching.ts';
import { models, modelsWithoutNetwork } from './models.ts';
import { shownFigure } from './shown.ts';
import { stepsView } from './steps.ts';
import './style.css';

/** A run ends when another begins: one computer, one figure at a time. */
let running: AbortController | undefined;

/** The live figure of a section: its controls, its steps as they are taken, its pictures. */
export function liveFigure(
  id: string,
  { experiment: name, params: usual }: LiveFigure,
  hash: string,
): HTMLElement {
  const experiment = everyExperiment.find((known) => known.id === name);
  if (!experiment) return make('p', { textContent: `There is no experiment "${name}".` });
  const place = placeOf(hash);
  const given = place.id === id ? place.params : {};
  const initial = new Map<string, string>();
  const status = make('p', { className: 'status' });
  status.setAttribute('role', 'status');
  const steps = stepsView();
  const results = make('div', { className: 'results' });
  const run = make('button', { type: 'submit', className: 'run', textContent: 'Run' });
  const stop = make('button', {
    type: 'button',
    textContent: 'Stop',
    hidden: true,
    onclick: () => running?.abort(),
  });

  const changed = () => {
    history.replaceState(null, '', hashOf({ id, params: altered(controls, initial) }));
    void (async () => {
      // What needs no network is answered at once.
      if (await isFree(experiment, params(controls))) await start(await modelsWithoutNetwork());
    })();
  };
  const controls = controlsOf(experiment, usual, given, changed);
  for (const { name, value } of controlsOf(experiment, usual, {}, () => {}))
    initial.set(name, JSON.stringify(value()));

  async function start(opening: Models | Promise<Models>): Promise<void> {
    running?.abort();
    const own = new AbortController();
    running = own;
    const said = sayFetching((text) => {
      status.textContent = text;
    });
    stop.hidden = false;
    try {
      status.textContent = 'opening the model …';
      const opened = await opening;
      steps.clear();
      const fresh: HTMLElement[] = [];
      const book = pictureBook({ read: async (reference) => chosen.get(reference) });
      const { signal } = own;
      const context = { ...opened, signal, picture: book.picture, mask: book.mask };
      for await (const event of runExperiment(experiment!, params(controls), context)) {
        signal.throwIfAborted();
        if (event.type === 'warning') status.textContent = event.message;
        if (event.type === 'step') {
          steps.add(event.label, event.step);
          status.textContent = `step ${event.index + 1} of ${event.count}`;
        }
        if (event.type === 'figure') {
          fresh.push(shownFigure(event.figure));
          results.replaceChildren(...fresh);
        }
      }
      status.textContent = '';
    } catch (error) {
      if (!own.signal.aborted) status.textContent = inWords(error);
      else if (running === own) status.textContent = 'stopped';
    } finally {
      said();
      if (running === own) stop.hidden = true;
    }
  }

  const submitted = (event: Event): void => {
    event.preventDefault();
    void start(models());
  };
  const form = make(
    'form',
    { className: 'live-form', onsubmit: submitted },
    ...controls.filter(({ expert }) => !expert).map(({ element }) => element),
    folded(controls.filter(({ expert }) => expert)),
    make('div', { className: 'buttons' }, run, stop, copyLink()),
  );
  void isFree(experiment, params(controls)).then(async (free) => {
    run.hidden = free;
    if (free) await start(await modelsWithoutNetwork());
  });
  return make('div', { className: 'live-panel' }, form, status, steps.element, results);
}

const params = (controls: readonly Control[]): Record<string, unknown> =>
  Object.fromEntries(controls.map(({ name, value }) => [name, value()]));

/** The parameters that are not what they were at first. */
const altered = (
  controls: readonly Control[],
  initial: ReadonlyMap<string, string>,
): Record<string, unknown> =>
  Object.fromEntries(
    controls
      .filter(({ name, value }) => JSON.stringify(value()) !== initial.get(name))
      .map(({ name, value }) => [name, value()]),
  );

/** Whether no part of it asks a network. */
async function isFree(experiment: Experiment, given: Record<string, unknown>): Promise<boolean> {
  try {
    const parts = experiment.parts(parseParams(experiment, given), await modelsWithoutNetwork());
    return parts.every(({ calls }) => calls.base === 0 && !calls.upscaler);
  } catch {
    return false; // what is wrong with the parameters is said when it runs
  }
}

function folded(controls: readonly Control[]): HTMLElement {
  const summary = make('summary', { textContent: 'More' });
  return make(
    'details',
    { hidden: controls.length === 0 },
    summary,
    ...controls.map(({ element }) => element),
  );
}

function copyLink(): HTMLElement {
  const button = make('button', { type: 'button', textContent: 'Copy link' });
  button.onclick = async () => {
    await navigator.clipboard.writeText(location.href).catch(() => undefined);
    button.textContent = 'Copied';
  };
  return button;
}

function inWords(error: unknown): string {
  if (!(error instanceof CampanileError)) return `It went wrong: ${(error as Error).message}`;
  return [error.message, error.hint].filter(Boolean).join('; ');
}
