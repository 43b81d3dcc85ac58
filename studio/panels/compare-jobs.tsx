import { useEffect, useState } from 'react';
import { whyNoJob } from '../backend.ts';
import { newest } from '../bench/stage-view.ts';
import { experimentNamed } from '../catalogue.ts';
import { coarse, nameOf } from '../figure-table.ts';
import { watch } from '../live.ts';
import { linkTo } from '../route.ts';
import { type Run, runs } from '../runs.ts';
import { completed, type Difference, differences, labelOf, shown } from '../schema.ts';
import { useStore } from '../store.ts';
import Compare from './compare.tsx';

/** Jobs that were marked: two are held against each other, more lie side by side. */
export default function ComparePage({ ids }: { readonly ids: readonly string[] }) {
  const all = useStore(runs);
  const [error, setError] = useState<unknown>();
  const key = ids.join();
  useEffect(() => {
    setError(undefined);
    const stops = key.split(',').flatMap((id) => (id ? watch(id, setError) : []));
    return () => {
      for (const stop of stops) stop();
    };
  }, [key]);
  const jobs = ids.flatMap((id) => all.get(id) ?? []);
  if (ids.length < 2 || jobs.length < ids.length) {
    return (
      <article className="compare-jobs">
        <h1>Compared</h1>
        <p className="empty">
          {ids.length < 2
            ? 'Mark two to six jobs on the shelf to compare them.'
            : error
              ? whyNoJob(error)
              : 'Fetching the jobs…'}
        </p>
      </article>
    );
  }
  return jobs.length === 2 ? <Comparison a={jobs[0]!} b={jobs[1]!} /> : <SideBySide jobs={jobs} />;
}

/** The latest figure of each, with the values in which they differ. */
function SideBySide({ jobs }: { readonly jobs: readonly Run[] }) {
  const experiment = experimentNamed(jobs[0]!.job.recipe.experiment);
  const others = jobs.slice(1).map(({ job }) => job.recipe);
  const alike = others.every((recipe) => recipe.experiment === experiment?.id);
  const names =
    experiment && alike
      ? new Set(
          others.flatMap(({ params }) =>
            differences(experiment, jobs[0]!.job.recipe.params, params).map(({ name }) => name),
          ),
        )
      : new Set<string>();
  return (
    <article className="compare-jobs">
      <h1>{experiment && alike ? `${experiment.title}: ${jobs.length} runs` : `${jobs.length} runs`}</h1>
      <ul className="compared">
        {jobs.map(({ job }) => {
          const figure = newest(job.figures);
          return (
            <li key={job.id}>
              <a href={linkTo.experiment(job.recipe.experiment, job.id)}>
                {figure ? (
                  <img className={coarse(figure.width)} src={figure.url} alt={nameOf(figure) || 'result'} />
                ) : (
                  'no figures'
                )}
              </a>
              {[...names].map((name) => (
                <p key={name}>
                  <b>{labelOf(name, experiment!.schema.properties[name]!)}</b>{' '}
                  {shown(completed(experiment!, job.recipe.params)[name])}
                </p>
              ))}
            </li>
          );
        })}
      </ul>
    </article>
  );
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
