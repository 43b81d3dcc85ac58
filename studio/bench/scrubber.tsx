import { useMemo } from 'react';
import { alphaBarPaths } from '../../site/alpha-bar-paths.ts';
import type { FigureInfo } from '../../src/server/api-types.ts';
import { Icon } from '../icons.tsx';
import { AnimationButton } from '../panels/animation-button.tsx';
import type { Handle } from '../panels/handles.ts';
import { ScheduleHandle } from '../panels/schedule-handle.tsx';
import type { Run } from '../runs.ts';
import { levelSays } from './level.ts';
import type { StageView } from './stage-view.ts';
import { useWidth } from './use-width.ts';

interface ScrubberProps {
  readonly alphaBar: readonly number[];
  readonly run: Run | undefined;
  readonly view: StageView;
  /** Levels that stand in the form. */
  readonly handles: readonly Handle[];
  /** Levels that a run with the form's values would visit, as far as can be known. */
  readonly planned: readonly number[];
  readonly onBranch: (figure: FigureInfo, step: number) => void;
}

const HEIGHT = 80;
const EDGE = { left: 14, right: 14, top: 10, bottom: 26 };

/**
 * The way from noise to picture: ᾱ_t, the share of the picture, is the track, the steps taken are the points on it. Noise
 * lies on the left and the picture on the right, as a run goes; the orange marks are the levels in the form.
 */
export function Scrubber({ alphaBar, run, view, handles, planned, onBranch }: ScrubberProps) {
  const [figure, width] = useWidth(640);
  const last = alphaBar.length - 1;
  const inner = width - EDGE.left - EDGE.right;
  const base = HEIGHT - EDGE.bottom;
  const x = (t: number) => EDGE.left + (1 - Math.max(0, t) / last) * inner;
  const y = (t: number) => EDGE.top + (1 - (t < 0 ? 1 : (alphaBar[t] ?? 1))) * (base - EDGE.top);
  // biome-ignore lint/correctness/useExhaustiveDependencies: x and y follow the width
  const { curve, share } = useMemo(
    () =>
      alphaBarPaths(
        alphaBar
          .map((_, t) => last - t)
          .filter((t) => t % 8 === 0 || t === last)
          .map((t) => [x(t), y(t)]),
        base,
      ),
    [alphaBar, width],
  );
  const tAt = (clientX: number) => {
    const { left } = figure.current!.getBoundingClientRect();
    return Math.round(Math.min(last, Math.max(0, last * (1 - (clientX - left - EDGE.left) / inner))));
  };
  const steps = view.walk?.steps ?? [];
  const { step } = view;
  const t = step?.t ?? view.figure?.t;
  const holdNearest = (clientX: number) => {
    if (steps.length === 0) return;
    const wanted = tAt(clientX);
    const distance = (i: number) => Math.abs(steps[i]!.t - wanted);
    view.hold(steps.reduce((best, _, i) => (distance(i) < distance(best) ? i : best), 0));
  };
  const marks = steps.length > 0 ? steps.map((one) => one.t) : planned;
  return (
    <section className="scrubber" aria-label="Steps">
      <button
        type="button"
        className="round"
        aria-label={view.playing ? 'Pause' : 'Play'}
        disabled={steps.length < 2}
        onClick={() => view.play(!view.playing)}
      >
        <Icon name={view.playing ? 'pause' : 'play'} />
      </button>
      <figure className="track" ref={figure}>
        {step && (
          <input
            className="visually-hidden"
            type="range"
            aria-label="Step"
            min={0}
            max={Math.max(0, steps.length - 1)}
            value={view.at}
            aria-valuetext={`step ${step.index + 1} of ${step.count}, t = ${step.t}`}
            onChange={(event) => view.hold(Number(event.target.value))}
          />
        )}
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand for an SVG */}
        <svg width={width} height={HEIGHT} role="group" aria-label="Noise schedule">
          <g
            className="ground"
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              holdNearest(event.clientX);
            }}
            onPointerMove={(event) => {
              if (event.currentTarget.hasPointerCapture(event.pointerId)) holdNearest(event.clientX);
            }}
          >
            <rect className="grasp" width={width} height={base + 6} />
            <path className="share" d={share} />
            <path className="alpha-bar" d={curve} />
            {marks.map((one) => (
              <circle key={one} className="dot" data-t={one} cx={x(one)} cy={y(one)} r={2.6} />
            ))}
            {t !== undefined && (
              <>
                <line className="now" x1={x(t)} x2={x(t)} y1={y(t)} y2={base} />
                <circle className="now" cx={x(t)} cy={y(t)} r={6.5} />
              </>
            )}
          </g>
          {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a group of words cannot have the focus */}
          <g aria-hidden="true">
            <text x={EDGE.left} y={base - 10}>
              noise
            </text>
            <text x={width - EDGE.right - 8} y={base - 6} textAnchor="end">
              picture
            </text>
          </g>
          {handles.map((handle) => (
            <ScheduleHandle
              key={handle.key}
              handle={handle}
              x={x(handle.t)}
              left={EDGE.left}
              right={width - EDGE.right}
              top={y(handle.t)}
              bottom={base}
              tAt={tAt}
            />
          ))}
        </svg>
        <figcaption className="visually-hidden">
          {`The share of the picture falls from 1 at t = 0 to ${alphaBar[last]?.toPrecision(2)} at t = ${last}. `}
          {marks.length > 0 &&
            (marks.length === 1 ? '1 level is visited.' : `${marks.length} levels are visited.`)}
        </figcaption>
      </figure>
      <Readout alphaBar={alphaBar} run={run} view={view} onBranch={onBranch} />
    </section>
  );
}

/** Which step it is, of which walk, at which level; and what can be done with it. */
function Readout({
  alphaBar,
  run,
  view,
  onBranch,
}: Pick<ScrubberProps, 'alphaBar' | 'run' | 'view' | 'onBranch'>) {
  const { step, walk, figure } = view;
  const t = step?.t ?? figure?.t;
  // One that was kept from an earlier run is not among those that this run took.
  const walks = [
    ...new Map([...(run?.walks ?? []), ...(walk ? [walk] : [])].map((one) => [one.label, one])).values(),
  ];
  return (
    <div className="readout">
      {walk && walks.length > 1 ? (
        <select
          aria-label="Walk"
          value={walk.label}
          onChange={(event) => view.chooseWalk(event.target.value)}
        >
          {walks.map(({ label }) => (
            <option key={label}>{label}</option>
          ))}
        </select>
      ) : null}
      <output>
        {step && `step ${step.index + 1} of ${step.count} · `}
        {t !== undefined && levelSays(t, alphaBar)}
      </output>
      {walk && walk.steps.length > 1 && !view.live && <AnimationButton walk={walk} />}
      {step && figure?.walk && figure.walk.label === walk?.label && (
        <button
          type="button"
          className="plain"
          title="Keep the steps before this one, and go on from here with other values"
          onClick={() => onBranch(figure, step.index)}
        >
          <Icon name="branch" />
          Branch here
        </button>
      )}
    </div>
  );
}
