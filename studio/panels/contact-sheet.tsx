import { useState } from 'react';
import { ranked } from '../../src/experiments/rank.ts';
import type { FigureInfo, Job } from '../../src/server/api-types.ts';
import { dragPicture } from '../drag.ts';
import { nameOf } from '../figure-table.ts';
import { Icon } from '../icons.tsx';
import { figureMarks, markFigure } from '../shelf.ts';
import { Star } from './star.tsx';
import { Seen } from './turning.tsx';

interface ContactSheetProps {
  readonly job: Job;
  readonly chosen: string | undefined;
  readonly onChoose: (figure: FigureInfo) => void;
  readonly onOpen: (figure: FigureInfo) => void;
  /** Tries as many again; absent where the form cannot count. */
  readonly onMore: (() => void) | undefined;
  readonly more: number;
}

/** Figures that show several things are looked at together, each with all its sides at once. */
export const isSheet = (figures: readonly FigureInfo[]): boolean =>
  figures.filter(({ sides }) => sides !== undefined).length > 1;

/** The best first, and last what nobody judged. */
const inOrder = (figures: readonly FigureInfo[]): readonly FigureInfo[] => [
  ...ranked(figures),
  ...figures.filter(({ verdict }) => !verdict),
];

export function ContactSheet({ job, chosen, onChoose, onOpen, onMore, more }: ContactSheetProps) {
  const [everything, setEverything] = useState(false);
  const figures = inOrder(job.figures.filter(({ sides }) => sides !== undefined));
  const shown = everything ? figures : figures.filter((figure) => !figureMarks(job, figure.id).away);
  const hidden = figures.length - shown.length;
  return (
    <section className="results" aria-label="Figures">
      <ul className="contact-sheet">
        {shown.map((figure, place) => (
          <SheetCell
            key={figure.id}
            job={job}
            figure={figure}
            place={place + 1}
            chosen={figure.id === chosen}
            star={figureMarks(job, figure.id).starred ?? false}
            onChoose={() => onChoose(figure)}
            onOpen={() => onOpen(figure)}
          />
        ))}
      </ul>
      <div className="buttons">
        {onMore && (
          <button type="button" onClick={onMore}>
            <Icon name="plus" />
            {more} more
          </button>
        )}
        {(hidden > 0 || everything) && (
          <button type="button" className="link" onClick={() => setEverything(!everything)}>
            {everything ? 'Hide what was put away' : `Show ${hidden} put away`}
          </button>
        )}
        <span className="hint">
          S stars, X puts away; the best comes first, judged by its weaker side and by how well its sides hide
          each other.
        </span>
      </div>
    </section>
  );
}

/** A judge gives shares of the whole, the model itself evidence. */
const saidOf = ({ by, alignment }: NonNullable<FigureInfo['verdict']>): string =>
  by === 'judge' ? `${Math.round(100 * alignment)} %` : alignment.toFixed(2);

interface SheetCellProps {
  readonly job: Job;
  readonly figure: FigureInfo;
  readonly place: number;
  readonly chosen: boolean;
  readonly star: boolean;
  readonly onChoose: () => void;
  readonly onOpen: () => void;
}

function SheetCell({ job, figure, place, chosen, star, onChoose, onOpen }: SheetCellProps) {
  const { sides = [], verdict } = figure;
  const name = `${place}: ${nameOf(figure)}`;
  const acts: Readonly<Record<string, () => void>> = {
    s: () => markFigure(job.id, figure.id, { starred: !star }),
    x: () => markFigure(job.id, figure.id, { away: true }),
  };
  return (
    <li data-figure={figure.id} data-star={star || undefined}>
      <button
        type="button"
        className="sides"
        aria-label={`Show ${name}`}
        aria-pressed={chosen}
        aria-keyshortcuts="s x"
        draggable
        onDragStart={(event) => dragPicture(event, figure, nameOf(figure))}
        onClick={onChoose}
        onDoubleClick={onOpen}
        onKeyDown={(event) => acts[event.key.toLowerCase()]?.()}
      >
        {sides.map(({ view, caption, part }) => (
          <Seen key={`${view} ${caption}`} picture={figure} view={view} part={part} />
        ))}
      </button>
      <div className="sheet-says">
        <span
          className="numbers"
          title={`${verdict?.by === 'judge' ? 'how readable the weaker side is' : 'evidence of the weaker side, 0 being no better than no prompt'}; how well the sides hide each other`}
        >
          {verdict && `${saidOf(verdict)}, ${Math.round(100 * verdict.concealment)} %`}{' '}
          {figure.seed !== undefined && `seed ${figure.seed}`}
        </span>
        <Star name={name} starred={star} onToggle={acts['s']} />
        <button type="button" className="plain" aria-label={`Put away ${name}`} onClick={acts['x']}>
          <Icon name="cross" />
        </button>
      </div>
    </li>
  );
}
