import { useEffect, useRef, useState } from 'react';
import type { StepEvent } from '../../src/server/api-types.ts';
import { Icon } from '../icons.tsx';
import type { Walk } from '../runs.ts';
import { prefersStill } from '../theme.ts';
import { AnimationButton } from './animation-button.tsx';

interface FilmstripProps {
  readonly walks: readonly Walk[];
  /** More is coming: show the newest until the reader takes hold. */
  readonly live: boolean;
  readonly onStep: (step: { readonly t: number; readonly visited: readonly number[] } | undefined) => void;
}

const FRAMES_PER_SECOND = 12;
const FRAMES_PER_SECOND_STILL = 3;

/** The walk from noise to picture, frame by frame. */
export function Filmstrip({ walks, live, onStep }: FilmstripProps) {
  const [chosen, setChosen] = useState<string>();
  const [held, setHeld] = useState<number>();
  const [playing, setPlaying] = useState(false);
  const walk = walks.find(({ label }) => label === chosen) ?? walks.at(-1);
  const count = walk?.steps.length ?? 0;
  const at = Math.min(held ?? count - 1, count - 1);
  const step = walk?.steps[at];

  useEffect(() => {
    if (!playing || count === 0) return;
    const pause = 1000 / (prefersStill() ? FRAMES_PER_SECOND_STILL : FRAMES_PER_SECOND);
    const timer = setInterval(
      () => setHeld((now) => (now === undefined || now >= count - 1 ? 0 : now + 1)),
      pause,
    );
    return () => clearInterval(timer);
  }, [playing, count]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: told when the step on show changes
  useEffect(() => {
    onStep(step && walk ? { t: step.t, visited: walk.steps.map(({ t }) => t) } : undefined);
  }, [step?.t, walk?.label, count]);

  if (!walk || !step) return null;
  const hold = (i: number) => {
    setPlaying(false);
    // At the newest frame of a walk under way the strip follows again.
    setHeld(live && i === count - 1 ? undefined : i);
  };
  return (
    <section className="film" aria-label="Steps">
      <div className="film-head">
        {walks.length > 1 ? (
          <select
            aria-label="Walk"
            value={walk.label}
            onChange={(event) => {
              setChosen(event.target.value);
              setHeld(undefined);
            }}
          >
            {walks.map(({ label }) => (
              <option key={label}>{label}</option>
            ))}
          </select>
        ) : (
          <span className="walk">{walk.label}</span>
        )}
        <AnimationButton walk={walk} />
      </div>
      <div className="screens">
        <Screen step={step} which="x" />
        <Screen step={step} which="x0" />
      </div>
      <div className="transport">
        <button
          type="button"
          className="round"
          aria-label={playing ? 'Pause' : 'Play'}
          onClick={() => setPlaying(!playing)}
        >
          <Icon name={playing ? 'pause' : 'play'} />
        </button>
        <input
          type="range"
          aria-label="Step"
          min={0}
          max={Math.max(0, count - 1)}
          value={at}
          aria-valuetext={`step ${step.index + 1} of ${step.count}, t = ${step.t}`}
          style={{ '--part': `${count < 2 ? 100 : (100 * at) / (count - 1)}%` } as React.CSSProperties}
          onChange={(event) => hold(Number(event.target.value))}
        />
        <output>
          {step.index + 1}/{step.count} · t = {step.t}
        </output>
      </div>
      <Frames walk={walk} at={at} onHold={hold} />
    </section>
  );
}

export const Xt = () => (
  <>
    <i className="symbol">x</i>
    <sub>t</sub>
  </>
);

export const X0 = () => (
  <>
    <i className="symbol">x̂</i>
    <sub>0</sub>
  </>
);

function Screen({ step, which }: { readonly step: StepEvent; readonly which: 'x' | 'x0' }) {
  const picture = step[which];
  return (
    <figure style={{ '--wide': picture.width / picture.height } as React.CSSProperties}>
      <img
        src={picture.url}
        alt={which === 'x' ? `Noisy picture at t = ${step.t}` : `What the model makes of it at t = ${step.t}`}
        width={picture.width}
        height={picture.height}
      />
      <figcaption>
        {which === 'x' ? <Xt /> : <X0 />} {which === 'x' ? 'noisy picture' : 'what the model makes of it'}
      </figcaption>
    </figure>
  );
}

/** All frames side by side; the slider above is the way for keys, so these are for the eye and the pointer. */
function Frames({
  walk,
  at,
  onHold,
}: {
  readonly walk: Walk;
  readonly at: number;
  readonly onHold: (i: number) => void;
}) {
  const strip = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = strip.current!;
    const frame = element.children[at] as HTMLElement | undefined;
    if (frame) element.scrollLeft = frame.offsetLeft - (element.clientWidth - frame.clientWidth) / 2;
  }, [at]);
  return (
    <div className="frames" ref={strip} aria-hidden="true">
      {walk.steps.map((step, i) => (
        <button
          key={step.index}
          type="button"
          tabIndex={-1}
          className={i === at ? 'frame now' : 'frame'}
          onClick={() => onHold(i)}
        >
          <img src={step.x.url} alt="" loading="lazy" />
          <img src={step.x0.url} alt="" loading="lazy" />
          <span>{step.t}</span>
        </button>
      ))}
    </div>
  );
}
