import { ruled } from './curve.ts';
import { make, named, press } from './dom.ts';
import { shortly } from './formula.ts';
import { thumb } from './shown.ts';
import { addedBy, type Pull, pullsOf, pushedBy, seenIn, type Taken } from './taken.ts';

export interface StepsView {
  readonly element: HTMLElement;
  /** Begins anew. */
  clear(): void;
  /** A step was taken: it is shown, unless the reader looks at an earlier one. */
  add(taken: Taken): void;
  /** The run is over: beyond its last step lies the picture. */
  end(): void;
  /** The strength of guidance was changed: what it would have made of the step that is looked at. */
  push(gamma: number): void;
}

export interface StepsListener {
  /** A step is looked at, or with undefined what comes after the last. */
  looked(taken: Taken | undefined): void;
  branch(taken: Taken): void;
}

/** Frames of a second when the steps are played. */
const PACE = 8;

/** The scrubber over all kept steps of a run, and what each prompt saw in the one that is looked at. */
export function stepsView({ looked, branch }: StepsListener): StepsView {
  let steps: Taken[] = [];
  let ended = false;
  let gamma = 1;
  const slider = named(make('input', { type: 'range', min: '0', max: '0', value: '0' }), 'step');
  const ruler = ruled(slider);
  const said = make('output', { textContent: 'its steps will be here' });
  const looks = make('div', { className: 'looks' });
  const on = press('Branch here', () => branch(steps[slider.valueAsNumber]!), {
    title: 'go on from this step with another prompt, seed or guidance',
    disabled: true,
  });
  const play = press('Play', () => (playing ? stopPlaying() : startPlaying()), {
    disabled: true,
  });
  let playing: ReturnType<typeof setInterval> | undefined;

  /** Stage II is asked no prompt: there it stays what stage I saw last. */
  const look = () => {
    const seen = steps.slice(0, slider.valueAsNumber + 1).findLast(({ looks }) => looks.length > 0);
    looks.replaceChildren(...(seen ? lookedAt(seen, gamma) : []));
  };
  const show = () => {
    const taken = steps[slider.valueAsNumber];
    on.disabled = taken?.stage !== 'base' || taken.index === 0;
    said.textContent = taken ? saidOf(taken) : 'the picture';
    slider.setAttribute('aria-valuetext', said.textContent);
    ruler.follow();
    look();
    looked(taken);
  };
  const goTo = (index: number) => {
    slider.value = String(index);
    show();
  };
  const stopPlaying = () => {
    clearInterval(playing);
    playing = undefined;
    play.textContent = 'Play';
  };
  const startPlaying = () => {
    play.textContent = 'Pause';
    if (slider.value === slider.max) goTo(0);
    playing = setInterval(() => {
      if (slider.value === slider.max) stopPlaying();
      else goTo(slider.valueAsNumber + 1);
    }, 1000 / PACE);
  };
  slider.oninput = show;
  const grown = () => {
    slider.max = String(Math.max(0, steps.length - (ended ? 0 : 1)));
    ruler.element.style.visibility = steps.length > 0 ? 'visible' : 'hidden'; // its place is kept
    ruler.stops((index) => steps[index]?.alphaBar);
  };
  const element = make(
    'div',
    { className: 'steps' },
    make('span', { className: 'level' }, ruler.element, slider),
    make('div', { className: 'step-tools' }, play, on, said),
    looks,
  );
  grown();
  return {
    element,
    clear() {
      stopPlaying();
      [steps, ended] = [[], false];
      play.disabled = true;
      looks.replaceChildren();
      grown();
    },
    add(taken) {
      const follows = slider.valueAsNumber >= steps.length - 1;
      steps.push(taken);
      grown();
      if (follows) goTo(steps.length - 1);
    },
    end() {
      ended = true;
      play.disabled = steps.length < 2;
      const follows = slider.valueAsNumber >= steps.length - 1;
      grown();
      if (follows && steps.length > 0) goTo(steps.length);
    },
    push(next) {
      gamma = next;
      look();
    },
  };
}

const saidOf = ({ index, count, t, alphaBar, stage }: Taken): string =>
  `${stage === 'base' ? '' : 'stage II, '}step ${index + 1} of ${count}: t = ${t}, ᾱ = ${shortly(alphaBar)}`;

/** What each prompt of a step saw. A single prompt with guidance is shown with what it adds, and pushed. */
function lookedAt(taken: Taken, gamma: number): HTMLElement[] {
  const pulls = pullsOf(taken);
  const [first] = pulls;
  if (pulls.length === 1 && first?.without) {
    const { picture, times } = addedBy(first, taken);
    return [
      thumb('without a prompt', seenIn(first.without, taken)),
      thumb(quoted(first), seenIn(first.with, taken)),
      thumb(times > 1 ? `what that adds, ×\u00a0${times}` : 'what that adds', picture),
      thumb(`pushed, γ = ${shortly(gamma)}`, pushedBy(gamma, first, taken)),
    ];
  }
  if (pulls.length < 2) return [];
  const strongest = Math.max(...pulls.map(({ strength = 0 }) => strength));
  return pulls.map((pull) => {
    const shown = thumb(`${quoted(pull)} sees`, seenIn(pull.with, taken));
    if (pull.strength === undefined || strongest === 0) return shown;
    const said = `how hard it pulls: ${shortly(pull.strength)}`;
    const bar = named(make('meter', { min: 0, max: strongest, value: pull.strength, title: said }), said);
    shown.append(bar);
    return shown;
  });
}

const quoted = ({ with: { prompt } }: Pull): string => `“${prompt}”`;
