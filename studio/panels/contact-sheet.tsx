import { useRef, useState } from 'react';
import type { FigureInfo, Job } from '../../src/server/api-types.ts';
import { candidatesIn } from '../candidates.ts';
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

export function ContactSheet({ job, chosen, onChoose, onOpen, onMore, more }: ContactSheetProps) {
  const [everything, setEverything] = useState(false);
  const all = candidatesIn(job.figures);
  const shown = everything ? all : all.filter(({ marked }) => !figureMarks(job, marked).away);
  const hidden = all.length - shown.length;
  return (
    <section className="results" aria-label="Figures">
      <ul className="contact-sheet">
        {shown.map(({ figure, marked, verdict }, place) => (
          <SheetCell
            key={marked}
            job={job}
            figure={figure}
            marked={marked}
            verdict={verdict}
            place={place + 1}
            chosen={figure.id === chosen}
            star={figureMarks(job, marked).starred ?? false}
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
  readonly marked: string;
  readonly verdict: FigureInfo['verdict'];
  readonly place: number;
  readonly chosen: boolean;
  readonly star: boolean;
  readonly onChoose: () => void;
  readonly onOpen: () => void;
}

function SheetCell({ job, figure, marked, verdict, place, chosen, star, onChoose, onOpen }: SheetCellProps) {
  const { sides = [] } = figure;
  const cell = useRef<HTMLLIElement>(null);
  const name = `${place}: ${nameOf(figure)}`;
  const acts: Readonly<Record<string, () => void>> = {
    s: () => markFigure(job.id, marked, { starred: !star }),
    x: () => {
      // Or whoever has no mouse begins at the top again.
      const next = cell.current?.nextElementSibling ?? cell.current?.previousElementSibling;
      next?.querySelector<HTMLElement>('.sides')?.focus();
      markFigure(job.id, marked, { away: true });
    },
  };
  return (
    <li ref={cell} data-figure={figure.id} data-star={star || undefined}>
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
