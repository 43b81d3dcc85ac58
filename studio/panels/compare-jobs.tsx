import { useEffect, useState } from 'react';
import { whyNoJob } from '../backend.ts';
import { experimentNamed } from '../catalogue.ts';
import { nameOf } from '../figure-table.ts';
import { watch } from '../live.ts';
import { linkTo } from '../route.ts';
import { type Run, useRun } from '../runs.ts';
import { type Difference, differences, labelOf, shown } from '../schema.ts';
import Compare from './compare.tsx';

/** Two jobs: which values they do not share, and their figures held against each other. */
export default function ComparePage({ ids }: { readonly ids: readonly string[] }) {
  const [a, b] = [useRun(ids[0]), useRun(ids[1])];
  const [error, setError] = useState<unknown>();
  const key = ids.join();
  useEffect(() => {
    setError(undefined);
    const stops = key.split(',').map((id) => watch(id, setError));
    return () => {
      for (const stop of stops) stop();
    };
  }, [key]);
  if (!a || !b) {
    return (
      <article className="compare-jobs">
        <h1>Two runs</h1>
        <p className="empty">
          {ids.length < 2
            ? 'Mark two jobs in the history to compare them.'
            : error
              ? whyNoJob(error)
              : 'Fetching the two jobs…'}
        </p>
      </article>
    );
  }
  return <Comparison a={a} b={b} />;
}

function Comparison({ a: { job: a }, b: { job: b } }: { readonly a: Run; readonly b: Run }) {
  const [left, setLeft] = useState(0);
  const [right, setRight] = useState(0);
  const experiment = experimentNamed(a.recipe.experiment);
  const alike = a.recipe.experiment === b.recipe.experiment;
  const changes = experiment && alike ? differences(experiment, a.recipe.params, b.recipe.params) : [];
  const [one, other] = [a.figures[left], b.figures[right]];
  /** The one value that makes the difference. */
  const said = (of: (change: Difference) => unknown): string | undefined => {
    const [change, more] = changes;
    if (!experiment || !change || more) return undefined;
    return `${labelOf(change.name, experiment.schema.properties[change.name]!)} ${shown(of(change))}`;
  };
  // The same place in both tables is what one wants to see.
  const chooseLeft = (i: number) => {
    setLeft(i);
    const same = b.figures.findIndex(({ id }) => id === a.figures[i]?.id);
    if (same >= 0) setRight(same);
  };
  return (
    <article className="compare-jobs">
      <h1>{experiment && alike ? `${experiment.title}: two runs` : 'Two runs'}</h1>
      <p>
        <a href={linkTo.experiment(a.recipe.experiment, a.id)}>first</a> ·{' '}
        <a href={linkTo.experiment(b.recipe.experiment, b.id)}>second</a>
      </p>
      {!alike && <p className="hint">They are of different experiments.</p>}
      {alike && changes.length === 0 && <p className="hint">All values are the same.</p>}
      {changes.length > 0 && experiment && (
        <table className="differences">
          <thead>
            <tr>
              <th scope="col">Parameter</th>
              <th scope="col">First</th>
              <th scope="col">Second</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ name, now, other }) => (
              <tr key={name}>
                <th scope="row">{labelOf(name, experiment.schema.properties[name]!)}</th>
                <td>{shown(now)}</td>
                <td>{shown(other)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="filters">
        <FigureChoice label="First" job={a} value={left} onChange={chooseLeft} />
        <FigureChoice label="Second" job={b} value={right} onChange={setRight} />
      </div>
      {one && other ? (
        <Compare
          a={one}
          b={other}
          nameA={`${said(({ now }) => now) ?? 'first'}: ${nameOf(one)}`}
          nameB={`${said(({ other }) => other) ?? 'second'}: ${nameOf(other)}`}
        />
      ) : (
        <p className="empty">There are no figures to hold against each other yet.</p>
      )}
    </article>
  );
}

function FigureChoice({
  label,
  job,
  value,
  onChange,
}: {
  readonly label: string;
  readonly job: Run['job'];
  readonly value: number;
  readonly onChange: (i: number) => void;
}) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {job.figures.map((figure, i) => (
          <option key={figure.id} value={i}>
            {nameOf(figure) || figure.id}
          </option>
        ))}
      </select>
    </label>
  );
}
