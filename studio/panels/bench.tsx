import { useEffect, useState } from 'react';
import { isFinal } from '../../src/jobs/job.ts';
import type { ExperimentInfo } from '../../src/server/api-types.ts';
import { whyNoJob } from '../backend.ts';
import { useDraft } from '../drafts.ts';
import { watch } from '../live.ts';
import { offerRecipe } from '../offer.ts';
import { useRun } from '../runs.ts';
import { differences } from '../schema.ts';
import { FigureTable } from './figures.tsx';
import { Filmstrip, X0, Xt } from './filmstrip.tsx';
import { ProgressBar } from './progress.tsx';
import { CancelButton } from './queue.tsx';
import { ShareMenu } from './share.tsx';

interface BenchProps {
  readonly experiment: ExperimentInfo;
  readonly jobId: string | undefined;
  /** Tells which level is on show, and which were visited. */
  readonly onStep: (step: { readonly t: number; readonly visited: readonly number[] } | undefined) => void;
  readonly onAgain: () => void;
}

/** One job: how it does, its steps, its figures. */
export function Bench({ experiment, jobId, onStep, onAgain }: BenchProps) {
  const run = useRun(jobId);
  const draft = useDraft(experiment);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    if (jobId === undefined) return;
    return watch(jobId, setError);
  }, [jobId]);
  if (jobId === undefined) {
    return (
      <p className="empty">
        Set the values and press Run. Every step will appear here: <Xt />, the noisy picture, and <X0 />, what
        the model makes of it.
      </p>
    );
  }
  if (!run) {
    return <p className="empty">{error ? whyNoJob(error) : 'Fetching the job…'}</p>;
  }
  const { job } = run;
  const changed = differences(experiment, draft, job.recipe.params).length;
  return (
    <>
      <div className="job-head">
        <ProgressBar job={job} />
        {isFinal(job.state) ? (
          <ShareMenu experiment={experiment} job={job} onAgain={onAgain} />
        ) : (
          <CancelButton id={job.id} cancelling={job.state === 'cancelling'} what="the job" />
        )}
      </div>
      <p className="visually-hidden" role="status">
        {isFinal(job.state) ? `The job is ${job.state}. ${job.figures.length} figures.` : ''}
      </p>
      {changed > 0 && (
        <p className="other-values">
          {`Made with ${changed === 1 ? 'another value' : `${changed} other values`} than stand in the form. `}
          <button type="button" className="link" onClick={() => offerRecipe(job.recipe, 'this job')}>
            Show
          </button>
        </p>
      )}
      {job.error && (
        <div className="problem" role="alert">
          <p>
            <strong>{job.error.message}</strong>
          </p>
          {job.error.hint && <p>{job.error.hint}</p>}
          <p className="code">{job.error.code}</p>
        </div>
      )}
      {run.warnings.map((warning) => (
        <p className="warning" key={warning}>
          {warning}
        </p>
      ))}
      <Filmstrip walks={run.walks} live={!isFinal(job.state)} onStep={onStep} />
      <FigureTable job={job} />
      {run.walks.length === 0 && job.figures.length === 0 && !job.error && (
        <p className="empty">
          {job.state === 'queued'
            ? 'It waits for a worker.'
            : job.state === 'cancelled'
              ? 'It was cancelled before anything was made.'
              : 'The first step is on its way.'}
        </p>
      )}
    </>
  );
}
