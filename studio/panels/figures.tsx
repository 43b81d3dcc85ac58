import { useMemo } from 'react';
import type { FigureInfo, Job } from '../../src/server/api-types.ts';
import { tableOf } from '../figure-table.ts';
import { ContactSheet, isSheet } from './contact-sheet.tsx';
import { FigureCell } from './figure.tsx';
import { ScrollRegion } from './scroll-region.tsx';

/** What a press of "more" asks for. */
export const MORE = 16;

interface FiguresProps {
  readonly job: Job;
  /** The one on the stage. */
  readonly chosen: string | undefined;
  readonly onChoose: (figure: FigureInfo) => void;
  readonly onOpen: (figure: FigureInfo) => void;
  /** What is being made now, shown in the place of the next figure. */
  readonly making: string | undefined;
  /** Makes `MORE` more of them. */
  readonly onMore: (() => void) | undefined;
}

/** A job's figures where their `row` and `column` place them; rows that share no columns are lines. */
export function Figures({ job, chosen, onChoose, onOpen, making, onMore }: FiguresProps) {
  const { figures } = job;
  const { rows, columns, at, of, sparse } = useMemo(() => tableOf(figures), [figures]);
  const cell = (figure: FigureInfo, heading?: string) => (
    <FigureCell
      key={figure.id}
      figure={figure}
      heading={heading}
      chosen={figure.id === chosen}
      onChoose={() => onChoose(figure)}
      onOpen={() => onOpen(figure)}
    />
  );
  const line = (some: readonly FigureInfo[], more?: React.ReactNode) => (
    <ul className="figure-line">
      {some.map((figure) => (
        <li key={figure.id}>{cell(figure, figure.column)}</li>
      ))}
      {more}
    </ul>
  );
  const next = making && (
    <li className="making" aria-hidden="true">
      <span>
        <img className="coarse" src={making} alt="" />
      </span>
      <small>being made</small>
    </li>
  );
  if (figures.length === 0 && !making) return null;
  if (isSheet(figures)) return <ContactSheet {...{ job, chosen, onChoose, onOpen, onMore, more: MORE }} />;
  return (
    <section className="results" aria-label="Figures">
      {rows.length <= 1 ? (
        line(figures, next)
      ) : sparse ? (
        <dl className="figure-lines">
          {rows.map((row) => (
            <div key={row}>
              <dt>{row}</dt>
              <dd>{line(of(row))}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <ScrollRegion label="Figures by row and column">
          <table className="figures" style={{ '--columns': columns.length } as React.CSSProperties}>
            <thead>
              <tr>
                <td />
                {columns.map((column) => (
                  <th scope="col" key={column}>
                    <span>{column}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row}>
                  <th scope="row">{row}</th>
                  {columns.map((column) => (
                    <td key={column}>{at(row, column).map((figure) => cell(figure))}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </section>
  );
}
