import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ExperimentInfo, FigureInfo } from '../../src/server/api-types.ts';
import { coarse, nameOf } from '../figure-table.ts';
import { Numbers } from '../panels/figure.tsx';
import { Formula } from '../panels/formula.tsx';
import { Turning } from '../panels/turning.tsx';
import type { Run } from '../runs.ts';
import { prefersStill } from '../theme.ts';

interface PresentProps {
  readonly experiment: ExperimentInfo;
  readonly run: Run;
  /** Where it begins. */
  readonly figure: FigureInfo | undefined;
  readonly onClose: () => void;
}

const FRAME_MS = 90;
const FRAME_MS_STILL = 400;

/** The figures one by one, as large as the screen: arrows walk, Space plays how one came about, B blanks, Escape leaves. */
export default function Present({ experiment, run, figure, onClose }: PresentProps) {
  const { figures } = run.job;
  const [at, setAt] = useState(
    Math.max(
      0,
      figures.findIndex(({ id }) => id === figure?.id),
    ),
  );
  const [blank, setBlank] = useState(false);
  const [turned, setTurned] = useState(false);
  const [frame, setFrame] = useState<number>();
  const screen = useRef<HTMLDialogElement>(null);
  const now = figures[at];
  const steps = run.walks.find(({ label }) => now && label === run.walkOf[now.id])?.steps ?? [];
  const step = frame === undefined ? undefined : steps[frame];

  useLayoutEffect(() => {
    const element = screen.current!;
    const before = document.activeElement;
    element.showModal();
    // Else the platform gives the focus to the formula, which can be scrolled.
    element.focus();
    void element.requestFullscreen?.().catch(() => undefined);
    return () => {
      element.close();
      if (document.fullscreenElement) void document.exitFullscreen();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  useEffect(() => {
    if (frame === undefined) return;
    const timer = setTimeout(
      () => setFrame(frame + 1 < steps.length ? frame + 1 : undefined),
      prefersStill() ? FRAME_MS_STILL : FRAME_MS,
    );
    return () => clearTimeout(timer);
  }, [frame, steps.length]);

  const go = (by: number) => {
    setAt((i) => (i + by + figures.length) % figures.length);
    setTurned(false);
    setFrame(undefined);
  };
  const acts: Readonly<Record<string, () => void>> = {
    arrowright: () => go(1),
    arrowleft: () => go(-1),
    pagedown: () => go(1),
    pageup: () => go(-1),
    ' ': () =>
      now?.view && steps.length === 0 ? setTurned(!turned) : setFrame(frame === undefined ? 0 : undefined),
    t: () => setTurned(!turned),
    b: () => {
      setBlank(!blank);
      // A blank screen has no button that could keep the focus, and keys go where that is.
      screen.current!.focus();
    },
  };
  return (
    <dialog
      ref={screen}
      tabIndex={-1}
      className="present"
      data-blank={blank || undefined}
      aria-label={`${experiment.title}, presented`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        const act = acts[event.key.toLowerCase()];
        if (!act) return;
        event.preventDefault();
        act();
      }}
    >
      <header>
        <h1>{experiment.title}</h1>
        {experiment.formula?.[0] && <Formula lines={experiment.formula.slice(0, 1)} />}
      </header>
      {now && (
        <figure>
          {step ? (
            <span className="turning">
              <img className="coarse" src={step.x0.url} alt={`What the model makes of it at t = ${step.t}`} />
            </span>
          ) : (
            <Turning figure={now} turned={turned} />
          )}
          <figcaption aria-live="polite">
            <b>{nameOf(now)}</b> {turned && now.turnedCaption ? now.turnedCaption : now.caption}{' '}
            {step ? `t = ${step.t}` : <Numbers figure={now} />}
          </figcaption>
        </figure>
      )}
      <footer>
        <span>
          {at + 1} of {figures.length}
        </span>
        <ul aria-hidden="true">
          {figures.map((one, i) => (
            <li key={one.id} data-now={i === at || undefined}>
              <img className={coarse(one.width)} src={one.url} alt="" />
            </li>
          ))}
        </ul>
        <span>
          <button type="button" className="plain" aria-label="Figure before" onClick={() => go(-1)}>
            ←
          </button>
          <button type="button" className="plain" aria-label="Next figure" onClick={() => go(1)}>
            →
          </button>
          <button type="button" className="plain" onClick={onClose}>
            Leave
          </button>
        </span>
      </footer>
    </dialog>
  );
}
