import { useState } from 'react';
import type { FigureInfo } from '../../src/server/api-types.ts';
import { Icon } from '../icons.tsx';
import { Turning } from './turning.tsx';

interface FigureCellProps {
  readonly figure: FigureInfo;
  readonly heading?: string;
  readonly onOpen: () => void;
}

/** A figure in its place: opened by a press, turned by hovering or by its button if it has a second meaning. */
export function FigureCell({ figure, heading, onOpen }: FigureCellProps) {
  const [hovered, setHovered] = useState(false);
  const [turned, setTurned] = useState(false);
  const { view, turnedCaption, farCaption, caption } = figure;
  const away = turned !== hovered;
  const says = away && turnedCaption ? turnedCaption : caption;
  return (
    <figure className="figure-cell" data-figure={figure.id}>
      <button
        type="button"
        className="picture"
        aria-label={`Open ${[heading, figure.row, figure.column, caption].filter(Boolean).join(', ')}`}
        onClick={onOpen}
        onPointerEnter={(event) => event.pointerType === 'mouse' && setHovered(true)}
        onPointerLeave={() => setHovered(false)}
      >
        <Turning figure={figure} turned={Boolean(view) && away} />
        {farCaption && <img className="afar" src={figure.url} alt="" />}
      </button>
      <figcaption>
        {heading && <b>{heading}</b>}
        {says && says !== heading && <span className="says">{says}</span>}
        {farCaption && <span>from afar: {farCaption}</span>}
        <Numbers figure={figure} />
        {view && (
          <button type="button" className="turn" aria-pressed={turned} onClick={() => setTurned(!turned)}>
            <Icon name="turn" />
            Turn
          </button>
        )}
      </figcaption>
    </figure>
  );
}

export function Numbers({ figure: { t, seed, psnr, seconds } }: { readonly figure: FigureInfo }) {
  const told = [
    t !== undefined && `t = ${t}`,
    psnr !== undefined && `${psnr.toFixed(1)} dB`,
    seed !== undefined && `seed ${seed}`,
    // What was given was only drawn: its time says nothing.
    seed !== undefined && seconds !== undefined && seconds >= 0.05 && `${seconds.toFixed(1)} s`,
  ].filter(Boolean);
  return told.length > 0 ? <span className="numbers">{told.join(' · ')}</span> : null;
}
