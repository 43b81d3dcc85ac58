import { useState } from 'react';
import type { FigureInfo } from '../../src/server/api-types.ts';
import { dragPicture } from '../drag.ts';
import { nameOf, numbersOf } from '../figure-table.ts';
import { Icon } from '../icons.tsx';
import { Turning } from './turning.tsx';

interface FigureCellProps {
  readonly figure: FigureInfo;
  readonly heading?: string | undefined;
  readonly chosen: boolean;
  /** Onto the stage. */
  readonly onChoose: () => void;
  /** Large, over everything. */
  readonly onOpen: () => void;
}

/** A figure in its place: a press puts it on the stage, a double one opens it; turned by hovering if it has a second meaning. */
export function FigureCell({ figure, heading, chosen, onChoose, onOpen }: FigureCellProps) {
  const [hovered, setHovered] = useState(false);
  const [turned, setTurned] = useState(false);
  const { view, turnedCaption, farCaption, caption } = figure;
  const away = turned !== hovered;
  const says = away && turnedCaption ? turnedCaption : caption;
  const name = [nameOf(figure), caption].filter(Boolean).join(': ');
  return (
    <figure className="figure-cell" data-figure={figure.id}>
      <button
        type="button"
        className="picture"
        aria-label={`Show ${name}`}
        aria-pressed={chosen}
        draggable
        onDragStart={(event) => dragPicture(event, figure, name)}
        onClick={onChoose}
        onDoubleClick={onOpen}
        onPointerEnter={(event) => event.pointerType === 'mouse' && setHovered(true)}
        onPointerLeave={() => setHovered(false)}
      >
        <Turning figure={figure} turned={Boolean(view) && away} />
        {farCaption && <img className="afar" src={figure.url} alt="" />}
      </button>
      <figcaption>
        {heading && <b title={heading}>{heading}</b>}
        {says && says !== heading && (
          <span className="says" title={says}>
            {says}
          </span>
        )}
        {farCaption && <span className="says">from afar: {farCaption}</span>}
        {view && (
          <button
            type="button"
            className="turn"
            aria-label={`Turn ${name}`}
            aria-pressed={turned}
            onClick={() => setTurned(!turned)}
          >
            <Icon name="turn" />
            Turn
          </button>
        )}
      </figcaption>
    </figure>
  );
}

export function Numbers({ figure }: { readonly figure: FigureInfo }) {
  const { seed, seconds } = figure;
  const told = [
    numbersOf(figure),
    // What was given was only drawn: its time says nothing.
    seed !== undefined && seconds !== undefined && seconds >= 0.05 && `${seconds.toFixed(1)} s`,
  ].filter(Boolean);
  return told.length > 0 ? <span className="numbers">{told.join(' · ')}</span> : null;
}
