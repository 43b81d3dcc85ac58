import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { Handle } from './handles.ts';
import { ScheduleHandle } from './schedule-handle.tsx';

interface SchedulePlotProps {
  readonly alphaBar: readonly number[];
  readonly handles: readonly Handle[];
  readonly visited: readonly number[];
  /** The level on show, if a run is. */
  readonly cursor: number | undefined;
}

const HEIGHT = 168;
const EDGE = { left: 36, right: 44, top: 22, bottom: 34 };
/** SNR is shown from −40 to +40 decibels. */
const DECIBELS = 40;

/**
 * The noise schedule as an instrument's scale: noise on the left, picture on the right, the way a run goes. ᾱ_t is what is
 * left of the picture, SNR = ᾱ / (1 − ᾱ). Below, the levels a run visits, and the handles of the form.
 */
export function SchedulePlot({ alphaBar, handles, visited, cursor }: SchedulePlotProps) {
  const [figure, width] = useWidth(720);
  const last = alphaBar.length - 1;
  const inner = { width: width - EDGE.left - EDGE.right, height: HEIGHT - EDGE.top - EDGE.bottom };
  const x = (t: number) => EDGE.left + (1 - t / last) * inner.width;
  const y = (share: number) => EDGE.top + (1 - share) * inner.height;
  // biome-ignore lint/correctness/useExhaustiveDependencies: x and y follow the width
  const lines = useMemo(() => {
    const line = (value: (alphaBar: number) => number) =>
      alphaBar
        .flatMap((a, t) =>
          t % 4 === 0 || t === last ? [`${x(t).toFixed(1)} ${y(value(a)).toFixed(1)}`] : [],
        )
        .join('L');
    return { alphaBar: `M${line((a) => a)}`, snr: `M${line(decibelShare)}` };
  }, [alphaBar, width]);
  const tAt = (clientX: number) => {
    const box = figure.current!.getBoundingClientRect();
    return Math.round(
      Math.min(last, Math.max(0, last * (1 - (clientX - box.left - EDGE.left) / inner.width))),
    );
  };
  const base = HEIGHT - EDGE.bottom;
  return (
    <figure className="schedule" ref={figure}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand for an SVG */}
      <svg width={width} height={HEIGHT} role="group" aria-label="Noise schedule">
        <Silent className="grid">
          {[0, 250, 500, 750, last].map((t) => (
            <g key={t}>
              <line x1={x(t)} x2={x(t)} y1={EDGE.top} y2={base} />
              <text x={x(t)} y={HEIGHT - 4} textAnchor="middle">
                {t === 500 ? 't = 500' : t}
              </text>
            </g>
          ))}
          {[0, 0.5, 1].map((share) => (
            <g key={share}>
              <line x1={EDGE.left} x2={width - EDGE.right} y1={y(share)} y2={y(share)} />
              <text x={EDGE.left - 6} y={y(share) + 4} textAnchor="end">
                {share}
              </text>
              <text className="snr" x={width - EDGE.right + 6} y={y(share) + 4}>
                {['−40', '0', '+40'][2 * share]}
              </text>
            </g>
          ))}
          <text className="axis" x={EDGE.left} y={12}>
            ᾱ, share of the picture
          </text>
          <text className="axis snr" x={width - EDGE.right} y={12} textAnchor="end">
            SNR in dB
          </text>
        </Silent>
        <path className="alpha-bar" d={lines.alphaBar} />
        <path className="snr" d={lines.snr} />
        <Silent className="visited">
          {visited
            .filter((t) => t >= 0)
            .map((t) => (
              <line key={t} x1={x(t)} x2={x(t)} y1={base} y2={base + 7} />
            ))}
        </Silent>
        {cursor !== undefined && cursor >= 0 && (
          <Silent className="cursor">
            <line x1={x(cursor)} x2={x(cursor)} y1={EDGE.top} y2={base} />
            <circle cx={x(cursor)} cy={y(alphaBar[cursor] ?? 1)} r={3.5} />
            <circle className="snr" cx={x(cursor)} cy={y(decibelShare(alphaBar[cursor] ?? 1))} r={3} />
          </Silent>
        )}
        {handles.map((handle) => (
          <ScheduleHandle
            key={handle.key}
            handle={handle}
            x={x(handle.t)}
            left={EDGE.left}
            right={width - EDGE.right}
            top={EDGE.top}
            bottom={base}
            tAt={tAt}
          />
        ))}
      </svg>
      <figcaption className="visually-hidden">
        {`The share of the picture falls from 1 at t = 0 to ${alphaBar[last]?.toPrecision(2)} at t = ${last}. `}
        {visited.length > 0 && `${visited.length} levels are visited.`}
      </figcaption>
    </figure>
  );
}

/** Drawn for the eye; the figure's caption says the same in words. */
const Silent = ({ className, children }: { readonly className: string; readonly children: ReactNode }) => (
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a group of lines cannot have the focus
  <g className={className} aria-hidden="true">
    {children}
  </g>
);

/** −40 dB … +40 dB → 0 … 1 */
const decibelShare = (alphaBar: number): number => {
  const decibels = 10 * Math.log10(alphaBar / (1 - alphaBar));
  return Math.min(1, Math.max(0, 0.5 + decibels / (2 * DECIBELS)));
};

function useWidth(initial: number) {
  const element = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(initial);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) =>
      setWidth(Math.max(280, Math.floor(entry!.contentRect.width))),
    );
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return [element, width] as const;
}
