import { useEffect, useState } from 'react';
import type { FigureInfo, Job } from '../../src/server/api-types.ts';
import { backend } from '../backend.ts';
import { experimentNamed } from '../catalogue.ts';
import { coarse, nameOf } from '../figure-table.ts';
import { fileName, save } from '../files.ts';
import { type Grid, howFar, REFUSED } from '../grid.ts';
import { Icon } from '../icons.tsx';
import { complain } from '../notices.ts';
import { go, linkTo } from '../route.ts';
import { learn, type Run, runs } from '../runs.ts';
import { labelOf, shown } from '../schema.ts';
import { mark } from '../shelf.ts';
import { useStore } from '../store.ts';
import { ProgressBar } from './progress.tsx';
import { ScrollRegion } from './scroll-region.tsx';
import { Star } from './star.tsx';
import { Viewer } from './viewer.tsx';

export function GridTable({ grid: { experiment: id, x, y, jobs } }: { readonly grid: Grid }) {
  const all = useStore(runs);
  const [place, setPlace] = useState<number>();
  const [open, setOpen] = useState<Job>();
  const experiment = experimentNamed(id);
  useEffect(() => {
    for (const job of jobs.flat())
      if (job !== REFUSED && !runs.get().has(job)) void backend.job(job).then(learn, () => undefined);
  }, [jobs]);
  const example =
    jobs
      .flat()
      .map((job) => all.get(job))
      .find((run) => run?.job.state === 'done')?.job.figures ?? [];
  const figureOf = (run: Run | undefined) => run && figureAt(run.job.figures, place);
  const known = jobs.flat().flatMap((job) => all.get(job)?.job ?? []);
  const label = (name: string) => labelOf(name, experiment?.schema.properties[name] ?? {});
  const saveSheet = async () => {
    const { contactSheet } = await import('../canvas/sheet.ts');
    const cells = jobs.map((row) => row.map((job) => figureOf(all.get(job))?.url));
    const sheet = await contactSheet({
      across: x.values.map((value) => `${label(x.name)} ${shown(value)}`),
      down: y ? y.values.map((value) => `${label(y.name)} ${shown(value)}`) : [''],
      cells,
    });
    save(sheet, `${fileName(id, x.name, y?.name)}.png`);
  };
  return (
    <section className="grid-result" aria-label="Grid">
      <div className="filters">
        {example.length > 1 && (
          <label>
            Figure{' '}
            <select
              value={place ?? ''}
              onChange={(event) =>
                setPlace(event.target.value === '' ? undefined : Number(event.target.value))
              }
            >
              <option value="">the last one made</option>
              {example.map((figure, i) => (
                <option key={figure.id} value={i}>
                  {nameOf(figure) || figure.id}
                </option>
              ))}
            </select>
          </label>
        )}
        <button type="button" onClick={() => void saveSheet().catch(complain)}>
          <Icon name="down" />
          Save the sheet
        </button>
        <p className="numbers">{howFar(known)}</p>
      </div>
      <ScrollRegion label="Pictures by the two parameters">
        <table className="figures">
          <thead>
            <tr>
              <td className="axis">
                {y && `${label(y.name)} ↓ `}
                {label(x.name)} →
              </td>
              {x.values.map((value) => (
                <th scope="col" key={String(value)}>
                  {shown(value)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {jobs.map((row, i) => {
              const down = y && shown(y.values[i]);
              return (
                <tr key={down ?? ''}>
                  <th scope="row">{down}</th>
                  {row.map((job, column) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                    <td key={column}>
                      <Cell
                        run={all.get(job)}
                        figure={figureOf(all.get(job))}
                        name={[`${label(x.name)} ${shown(x.values[column])}`, y && `${label(y.name)} ${down}`]
                          .filter(Boolean)
                          .join(', ')}
                        onOpen={setOpen}
                      />
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollRegion>
      {open && (
        <OpenedCell
          job={all.get(open.id)?.job ?? open}
          figure={figureOf(all.get(open.id))}
          onClose={() => setOpen(undefined)}
        />
      )}
    </section>
  );
}

/** A cell over the sheet; a job without a picture yet is gone to. */
function OpenedCell({
  job,
  figure,
  onClose,
}: {
  readonly job: Job;
  readonly figure: FigureInfo | undefined;
  readonly onClose: () => void;
}) {
  const [shows, setShows] = useState(figure?.id);
  useEffect(() => {
    if (!figure) go(linkTo.experiment(job.recipe.experiment, job.id));
  }, [figure, job]);
  return shows === undefined ? null : (
    <Viewer job={job} figureId={shows} onTurn={setShows} onClose={onClose} />
  );
}

/** The one asked for; else the last that was made and not given, which has a seed. */
const figureAt = (figures: readonly FigureInfo[], place: number | undefined): FigureInfo | undefined =>
  place === undefined
    ? (figures.findLast(({ seed }) => seed !== undefined) ?? figures.at(-1))
    : figures[place];

function Cell({
  run,
  figure,
  name,
  onOpen,
}: {
  readonly run: Run | undefined;
  readonly figure: FigureInfo | undefined;
  readonly name: string;
  readonly onOpen: (job: Job) => void;
}) {
  if (!run) return <span className="none">…</span>;
  const { id, starred = false } = run.job;
  return (
    <div className="grid-cell" data-star={starred || undefined}>
      <button type="button" className="picture" aria-label={`Open ${name}`} onClick={() => onOpen(run.job)}>
        {figure ? (
          <img className={coarse(figure.width)} src={figure.url} alt="" />
        ) : (
          <ProgressBar job={run.job} />
        )}
      </button>
      <Star
        className="plain cell-star"
        name={name}
        starred={starred}
        onToggle={() => mark(id, { starred: !starred })}
      />
    </div>
  );
}
