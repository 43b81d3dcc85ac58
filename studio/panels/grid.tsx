import { useState } from 'react';
import type { ExperimentInfo } from '../../src/server/api-types.ts';
import { useCatalogue } from '../catalogue.ts';
import { useDraft } from '../drafts.ts';
import { axisFields, grid, MOST_JOBS, noNumbersIn, runGrid, suggested, sweepOf, valuesOf } from '../grid.ts';
import { complain } from '../notices.ts';
import { labelOf } from '../schema.ts';
import { useStore } from '../store.ts';
import { GridTable } from './grid-table.tsx';

/** One picture for every value of a parameter, or every pair of two; the rest is as it stands in the experiment's form. */
export default function GridPage() {
  const { experiments } = useCatalogue();
  const shown = useStore(grid);
  const [id, setId] = useState(sweepOf.get()?.experiment ?? shown?.experiment ?? experiments[0]?.id);
  const experiment = experiments.find((one) => one.id === id);
  return (
    <article className="grid-page">
      <h1>Sweep</h1>
      <p className="lead">
        One picture for every value of one parameter, or every pair of two; the rest as it stands in the form.
      </p>
      <label className="grid-experiment">
        Experiment{' '}
        <select value={id} onChange={(event) => setId(event.target.value)}>
          {experiments.map((one) => (
            <option key={one.id} value={one.id}>
              {one.title}
            </option>
          ))}
        </select>
      </label>
      {experiment && <GridForm key={experiment.id} experiment={experiment} />}
      {shown && shown.experiment === id && <GridTable grid={shown} />}
    </article>
  );
}

function GridForm({ experiment }: { readonly experiment: ExperimentInfo }) {
  const params = useDraft(experiment);
  const fields = axisFields(experiment);
  const [names, setNames] = useState(() => {
    const asked = sweepOf.get();
    if (asked?.experiment === experiment.id) return [asked.name, ''];
    return [0, 1].map((i) => fields[i]?.[0] ?? '');
  });
  const [texts, setTexts] = useState(() => names.map((name) => suggest(name)));
  const [busy, setBusy] = useState(false);

  function suggest(name: string): string {
    const field = experiment.schema.properties[name];
    return field ? suggested(field, params[name]) : '';
  }
  const axes = names.map((name, i) => ({
    name,
    values: valuesOf(experiment.schema.properties[name] ?? {}, texts[i] ?? ''),
  }));
  const x = axes[0]!;
  const y = names[1] ? axes[1] : undefined;
  const count = x.values.length * (y?.values.length ?? 1);
  const wrong = names.flatMap((name, i) =>
    noNumbersIn(experiment.schema.properties[name] ?? {}, texts[i] ?? ''),
  );
  const run = async () => {
    setBusy(true);
    await runGrid(experiment, params, x, y).catch(complain);
    setBusy(false);
  };
  if (fields.length === 0) return <p className="empty">This experiment has no parameter to try values of.</p>;
  return (
    <form
      className="grid-form"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      {['Across', 'Down'].map((axis, i) => (
        <fieldset key={axis}>
          <legend>{axis}</legend>
          <select
            aria-label={`${axis}: parameter`}
            value={names[i]}
            onChange={(event) => {
              setNames(names.with(i, event.target.value));
              setTexts(texts.with(i, suggest(event.target.value)));
            }}
          >
            {i > 0 && <option value="">nothing</option>}
            {fields.map(([name, field]) => (
              <option key={name} value={name} disabled={names[1 - i] === name}>
                {labelOf(name, field)}
              </option>
            ))}
          </select>
          {names[i] && (
            <textarea
              aria-label={`${axis}: values, one to a line`}
              rows={4}
              value={texts[i]}
              onChange={(event) => setTexts(texts.with(i, event.target.value))}
            />
          )}
        </fieldset>
      ))}
      <div className="submit">
        <button
          type="submit"
          className="primary"
          disabled={busy || count === 0 || count > MOST_JOBS || wrong.length > 0}
        >
          {busy ? 'Sending…' : `Run ${count} ${count === 1 ? 'job' : 'jobs'}`}
        </button>
        {count > MOST_JOBS && <p className="hint">{`At most ${MOST_JOBS} at a time.`}</p>}
        {wrong.length > 0 && <p className="hint">{`No number: ${wrong.join(', ')}.`}</p>}
      </div>
    </form>
  );
}
