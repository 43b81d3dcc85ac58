import { useMemo, useState } from 'react';
import type { FigureInfo, Job } from '../../src/server/api-types.ts';
import { tableOf } from '../figure-table.ts';
import { FigureCell } from './figure.tsx';
import { ScrollRegion } from './scroll-region.tsx';
import { Viewer } from './viewer.tsx';

/** A job's figures where their `row` and `column` place them; a single row is a line that wraps. */
export function FigureTable({ job }: { readonly job: Job }) {
  const [open, setOpen] = useState<string>();
  const { figures } = job;
  const { rows, columns, at } = useMemo(() => tableOf(figures), [figures]);
  if (figures.length === 0) return null;
  const show = ({ id }: FigureInfo) => setOpen(id);
  return (
    <section className="results" aria-label="Figures">
      {rows.length === 1 ? (
        <ul className="figure-line">
          {figures.map((figure) => (
            <li key={figure.id}>
              <FigureCell figure={figure} heading={figure.column} onOpen={() => show(figure)} />
            </li>
          ))}
        </ul>
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
                    <td key={column}>
                      {at(row, column).map((figure) => (
                        <FigureCell key={figure.id} figure={figure} onOpen={() => show(figure)} />
                      ))}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {open !== undefined && (
        <Viewer job={job} figureId={open} onTurn={setOpen} onClose={() => setOpen(undefined)} />
      )}
    </section>
  );
}
