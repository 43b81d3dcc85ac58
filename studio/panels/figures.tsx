import { useMemo } from 'react';
import { isStrip, type Table } from '../../src/gallery/tables.ts';
import type { FigureInfo, Job } from '../../src/server/api-types.ts';
import { isSheet } from '../candidates.ts';
import { tablesOf } from '../figure-table.ts';
import { ContactSheet } from './contact-sheet.tsx';
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
  const found = useMemo(() => tablesOf(figures), [figures]);
  if (figures.length === 0 && !making) return null;
  if (isSheet(figures)) return <ContactSheet {...{ job, chosen, onChoose, onOpen, onMore, more: MORE }} />;
  const cell: Cell = (figure, heading) => (
    <FigureCell
      key={figure.id}
      figure={figure}
      heading={heading}
      chosen={figure.id === chosen}
      onChoose={() => onChoose(figure)}
      onOpen={() => onOpen(figure)}
    />
  );
  const alone = found.length <= 1 && found.every(isStrip);
  return (
    <section className="results" aria-label="Figures">
      {alone ? (
        <Line figures={figures} cell={cell} making={making} />
      ) : (
        found.map((table) => {
          const { name, cells } = table.rows[0]!;
          if (!isStrip(table)) return <Grid key={name} table={table} cell={cell} />;
          return (
            <div className="figure-strip" key={name}>
              <h3>{name}</h3>
              <Line figures={cells.flat()} cell={cell} />
            </div>
          );
        })
      )}
    </section>
  );
}

type Cell = (figure: FigureInfo, heading?: string) => React.ReactNode;

interface LineProps {
  readonly figures: readonly FigureInfo[];
  readonly cell: Cell;
  readonly making?: string | undefined;
}

const Line = ({ figures, cell, making }: LineProps) => (
  <ul className="figure-line">
    {figures.map((figure) => (
      <li key={figure.id}>{cell(figure, figure.column)}</li>
    ))}
    {making && (
      <li className="making" aria-hidden="true">
        <span>
          <img className="coarse" src={making} alt="" />
        </span>
        <small>being made</small>
      </li>
    )}
  </ul>
);

const Grid = ({ table, cell }: { readonly table: Table<FigureInfo>; readonly cell: Cell }) => (
  <ScrollRegion label="Figures by row and column">
    <table className="figures" style={{ '--columns': table.columns.length } as React.CSSProperties}>
      <thead>
        <tr>
          <td />
          {table.columns.map((column) => (
            <th scope="col" key={column}>
              <span>{column}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map(({ name, cells }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {cells.map((some, i) => (
              <td key={table.columns[i]}>{some.map((figure) => cell(figure))}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </ScrollRegion>
);
