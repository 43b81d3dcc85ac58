import { isFinal } from '../src/jobs/job.ts';
import type { Job, JobEvent, StepEvent } from '../src/server/api-types.ts';
import { createStore, useStore } from './store.ts';

/** The steps of one walk, in order; fewer than `count` when some were not sent. */
export interface Walk {
  readonly label: string;
  readonly count: number;
  readonly steps: readonly StepEvent[];
}

/** A job and what it has told. */
export interface Run {
  readonly job: Job;
  readonly walks: readonly Walk[];
  readonly warnings: readonly string[];
  /** The label of the walk that led to a figure. */
  readonly walkOf: Readonly<Record<string, string>>;
  readonly attempt: number;
  /** First number heard on the live stream, and last one known at all. */
  readonly liveFrom: number;
  readonly last: number;
  /** Everything it told is here, to the end. */
  readonly complete: boolean;
  readonly cached: boolean;
}

export const runs = createStore<ReadonlyMap<string, Run>>(new Map());

export const useRun = (id: string | undefined): Run | undefined => {
  const all = useStore(runs);
  return id === undefined ? undefined : all.get(id);
};

const put = (run: Run): void => runs.set((all) => new Map(all).set(run.job.id, run));

const fresh = (job: Job): Run => ({
  job,
  walks: [],
  warnings: [],
  walkOf: {},
  attempt: job.attempt,
  liveFrom: Number.POSITIVE_INFINITY,
  last: 0,
  complete: false,
  cached: false,
});

/** How far a job is; a snapshot that was under way while events came may be behind them. */
const rank: Record<Job['state'], number> = {
  queued: 0,
  running: 1,
  cancelling: 2,
  done: 3,
  failed: 3,
  cancelled: 3,
};

/** What the server said about a job when it was asked. */
export function learn(job: Job): void {
  const run = runs.get().get(job.id);
  if (!run || hasBegunAnew(run, job)) put(fresh(job));
  else if (rank[job.state] >= rank[run.job.state]) {
    const figures = longer(run.job.figures, job.figures);
    const attempt = Math.max(run.attempt, job.attempt);
    put({ ...run, attempt, job: { ...job, figures, progress: further(run.job, job.progress) } });
  }
}

/** Queued again after it had ended: what it told before is over. */
const hasBegunAnew = (run: Run, { state, attempt }: Job): boolean =>
  isFinal(run.job.state) &&
  !isFinal(state) &&
  (state === 'queued' ? attempt >= run.attempt : attempt > run.attempt);

/** The live stream begins again: what was told in between has to come from the replay. */
export const liveAnew = (): void =>
  runs.set(
    (all) => new Map([...all].map(([id, run]) => [id, { ...run, liveFrom: Number.POSITIVE_INFINITY }])),
  );

const longer = <T>(a: readonly T[], b: readonly T[]): readonly T[] => (a.length > b.length ? a : b);

/**
 * An event, from the live stream or from a job's own. Each is taken once, whichever comes first; those of an attempt that
 * was overtaken are forgotten.
 *
 * @returns true when the replay has reached what the live stream told
 */
export function tell(event: JobEvent, from: 'live' | 'replay'): boolean {
  const before = runs.get().get(event.job);
  if (!before || event.attempt < before.attempt) return false;
  const later = event.attempt > before.attempt && before.walks.length > 0;
  const run = later ? { ...fresh(before.job), liveFrom: before.liveFrom } : before;
  const liveFrom = from === 'live' ? Math.min(run.liveFrom, event.seq) : run.liveFrom;
  put({ ...taken(run, event), liveFrom, last: Math.max(run.last, event.seq), attempt: event.attempt });
  return from === 'replay' && event.seq >= liveFrom;
}

function taken(run: Run, event: JobEvent): Run {
  const { job } = run;
  switch (event.type) {
    case 'queued':
      return event.seq < run.last ? run : { ...run, job: { ...job, state: 'queued' } };
    case 'started':
      return isFinal(job.state)
        ? run
        : {
            ...run,
            job: {
              ...job,
              state: running(job),
              startedAt: job.startedAt ?? event.at,
              progress: further(job, event.progress),
            },
          };
    case 'step':
      return {
        ...run,
        walks: withStep(run.walks, event),
        job: { ...job, progress: further(job, event.progress) },
      };
    case 'figure':
      return {
        ...run,
        walkOf: withWalk(run, event.figure),
        job: { ...job, figures: withFigure(job, event.figure) },
      };
    case 'warning':
      return run.warnings.includes(event.message)
        ? run
        : { ...run, warnings: [...run.warnings, event.message] };
    case 'done':
      return {
        ...run,
        complete: true,
        cached: event.cached,
        job: { ...ended(job, event), state: 'done', figures: event.figures },
      };
    case 'failed':
      return { ...run, complete: true, job: { ...ended(job, event), state: 'failed', error: event.error } };
    case 'cancelled':
      return { ...run, complete: true, job: { ...ended(job, event), state: 'cancelled' } };
  }
}

const running = (job: Job) => (job.state === 'cancelling' ? 'cancelling' : 'running');
const ended = (job: Job, { at }: JobEvent): Job => ({ ...job, finishedAt: job.finishedAt ?? at });
const further = (job: Job, progress: Job['progress']) =>
  progress.done >= job.progress.done || job.progress.total === 0 ? progress : job.progress;
const withFigure = (job: Job, figure: Job['figures'][number]) =>
  job.figures.some(({ id }) => id === figure.id)
    ? job.figures.map((known) => (known.id === figure.id ? figure : known))
    : [...job.figures, figure];

/** A figure that was made, not given, is where the walk before it ended. */
function withWalk({ walkOf, walks }: Run, { id, seed, walk: told }: Job['figures'][number]): Run['walkOf'] {
  const walk = told ?? walks.at(-1);
  return walk && seed !== undefined && !(id in walkOf) ? { ...walkOf, [id]: walk.label } : walkOf;
}

function withStep(walks: readonly Walk[], step: StepEvent): readonly Walk[] {
  const at = walks.findIndex(({ label }) => label === step.label);
  if (at < 0) return [...walks, { label: step.label, count: step.count, steps: [step] }];
  const walk = walks[at]!;
  const steps = [...walk.steps.filter(({ index }) => index !== step.index), step].sort(
    (a, b) => a.index - b.index,
  );
  return walks.with(at, { ...walk, steps });
}
