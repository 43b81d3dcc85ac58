import { useCallback, useEffect, useState } from 'react';
import type { Job, JobState } from '../../src/server/api-types.ts';
import { backend } from '../backend.ts';
import { experimentNamed, useCatalogue } from '../catalogue.ts';
import { complain } from '../notices.ts';
import { linkTo } from '../route.ts';
import { learn, runs } from '../runs.ts';
import { shown } from '../schema.ts';
import { useStore } from '../store.ts';
import { HistoryRow } from './history-row.tsx';

const states: readonly JobState[] = ['done', 'running', 'queued', 'failed', 'cancelled'];

/** Every job the server keeps, newest first: it outlives the tab, and the server's own restarts. */
export default function HistoryPage() {
  const { experiments } = useCatalogue();
  const known = useStore(runs);
  const [words, setWords] = useState('');
  const [state, setState] = useState<JobState>();
  const [experiment, setExperiment] = useState<string>();
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
        says(job, words),
    )
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const pick = (id: string) =>
    setPicked((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now.slice(-1), id]));
  return (
    <article className="history">
      <h1>History</h1>
      <search className="filters">
        <input
          type="search"
          aria-label="Search"
          placeholder="Search prompts and values"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <select
          aria-label="Experiment"
          value={experiment ?? ''}
          onChange={(event) => setExperiment(event.target.value || undefined)}
        >
          <option value="">every experiment</option>
          {experiments.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
        <select
          aria-label="State"
          value={state ?? ''}
          onChange={(event) => setState((event.target.value || undefined) as JobState | undefined)}
        >
          <option value="">every state</option>
          {states.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
        {picked.length === 2 ? (
          <a className="button" href={linkTo.compare(...picked)}>
            Compare the two
          </a>
        ) : (
          <span className="hint">Mark two to compare them.</span>
        )}
      </search>
      {jobs.length === 0 && (
        <p className="empty">
          {words || state || experiment ? 'No job is like that.' : 'Nothing has been run yet.'}
        </p>
      )}
      <ul className="jobs">
        {jobs.map((job) => (
          <HistoryRow key={job.id} job={job} picked={picked.includes(job.id)} onPick={() => pick(job.id)} />
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

/** Every word is somewhere in the job's title or values. */
function says({ recipe }: Job, words: string): boolean {
  const text = [experimentNamed(recipe.experiment)?.title, ...Object.values(recipe.params).map(shown)]
    .join(' ')
    .toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
