import { useCallback, useEffect, useState } from 'react';
import type { Job, JobState } from '../../src/server/api-types.ts';
import { backend } from '../backend.ts';
import { experimentNamed, useCatalogue } from '../catalogue.ts';
import { complain } from '../notices.ts';
import { linkTo } from '../route.ts';
import { learn, runs } from '../runs.ts';
import { shown } from '../schema.ts';
import { useStore } from '../store.ts';
import { ShelfCard } from './shelf-card.tsx';

const states: readonly JobState[] = ['done', 'running', 'queued', 'failed', 'cancelled'];
/** As many pictures fit beside each other. */
const MOST_COMPARED = 6;

/** Every job that is kept, newest first, as pictures: it outlives the tab, and the server's own restarts. */
export default function HistoryPage() {
  const { experiments } = useCatalogue();
  const known = useStore(runs);
  const [words, setWords] = useState('');
  const [state, setState] = useState<JobState>();
  const [experiment, setExperiment] = useState<string>();
  const [only, setOnly] = useState<'star' | 'away'>();
  const [next, setNext] = useState<string>();
  const [picked, setPicked] = useState<readonly string[]>([]);

  const load = useCallback(
    async (before?: string) => {
      try {
        const page = await backend.jobs({ state, experiment, before });
        page.jobs.forEach(learn);
        setNext(page.next);
      } catch (error) {
        complain(error);
      }
    },
    [state, experiment],
  );
  useEffect(() => void load(), [load]);

  const jobs = [...known.values()]
    .map(({ job }) => job)
    .filter(
      (job) =>
        (!state || job.state === state) &&
        (!experiment || job.recipe.experiment === experiment) &&
        (only === 'away' ? job.away : !job.away && (only !== 'star' || hasStar(job))) &&
        says(job, words),
    )
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const pick = (id: string) =>
    setPicked((now) =>
      now.includes(id) ? now.filter((one) => one !== id) : [...now.slice(1 - MOST_COMPARED), id],
    );
  return (
    <article className="history">
      <h1>Shelf</h1>
      <search className="filters">
        <input
          type="search"
          aria-label="Search"
          placeholder="Search names, prompts and values"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Filter label="Experiment" all="every experiment" value={experiment} onChange={setExperiment}>
          {experiments.map(({ id, title }) => [id, title] as const)}
        </Filter>
        <Filter
          label="State"
          all="every state"
          value={state}
          onChange={(value) => setState(value as JobState)}
        >
          {states.map((one) => [one, one] as const)}
        </Filter>
        <Filter
          label="Kept"
          all="all but put away"
          value={only}
          onChange={(value) => setOnly(value as typeof only)}
        >
          {[
            ['star', 'starred'],
            ['away', 'put away'],
          ]}
        </Filter>
        {picked.length > 1 ? (
          <a className="button" href={linkTo.compare(...picked)}>
            Compare {picked.length === 2 ? 'the two' : `the ${picked.length}`}
          </a>
        ) : (
          <span className="hint">Mark two to six to compare them.</span>
        )}
      </search>
      {jobs.length === 0 && (
        <p className="empty">
          {words || state || experiment || only ? 'No job is like that.' : 'Nothing has been run yet.'}
        </p>
      )}
      <ul className="shelf">
        {jobs.map((job) => (
          <ShelfCard key={job.id} job={job} picked={picked.includes(job.id)} onPick={() => pick(job.id)} />
        ))}
      </ul>
      {next && (
        <button type="button" onClick={() => void load(next)}>
          Older jobs
        </button>
      )}
    </article>
  );
}

/** It, or one of its figures. */
const hasStar = ({ starred, figureMarks = {} }: Job): boolean =>
  starred === true || Object.values(figureMarks).some((marks) => marks.starred);

interface FilterProps {
  readonly label: string;
  readonly all: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  readonly children: readonly (readonly [value: string, text: string])[] | string[][];
}

const Filter = ({ label, all, value, onChange, children }: FilterProps) => (
  <select
    aria-label={label}
    value={value ?? ''}
    onChange={(event) => onChange(event.target.value || undefined)}
  >
    <option value="">{all}</option>
    {children.map(([one, text]) => (
      <option key={one} value={one}>
        {text}
      </option>
    ))}
  </select>
);

/** Every word is somewhere in the job's name, title or values. */
function says({ recipe, title }: Job, words: string): boolean {
  const text = [title, experimentNamed(recipe.experiment)?.title, ...Object.values(recipe.params).map(shown)]
    .join(' ')
    .toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
