import type { ReactNode } from 'react';
import { isFinal } from '../../src/jobs/job.ts';
import type { ExperimentInfo, Job } from '../../src/server/api-types.ts';
import { useDraft } from '../drafts.ts';
import { offerRecipe } from '../offer.ts';
import { ProgressBar } from '../panels/progress.tsx';
import { CancelButton } from '../panels/queue.tsx';
import { ShareMenu } from '../panels/share.tsx';
import type { Run } from '../runs.ts';
import { differences } from '../schema.ts';
import { useStore } from '../store.ts';
import { knownJobs } from './submit.ts';

interface HeadProps {
  readonly experiment: ExperimentInfo;
  readonly run: Run | undefined;
  /** Why the job that the address names is not here. */
  readonly lost: string | undefined;
  readonly onAgain: () => void;
  readonly tools: ReactNode;
}

/** Title, what it is in one line, and how the job does. It keeps its height, so that nothing below moves. */
export function Head({ experiment, run, lost, onAgain, tools }: HeadProps) {
  return (
    <header className="stage-head">
      <h1>{experiment.title}</h1>
      <div className="job-head">
        {run ? (
          <>
            <ProgressBar job={run.job} />
            <Made experiment={experiment} job={run.job} onAgain={onAgain} />
            {isFinal(run.job.state) ? (
              <ShareMenu experiment={experiment} job={run.job} onAgain={onAgain} />
            ) : (
              <CancelButton id={run.job.id} cancelling={run.job.state === 'cancelling'} what="the job" />
            )}
          </>
        ) : (
          lost && <p className="hint">{lost}</p>
        )}
        {tools}
      </div>
      <p className="lead">{lead(experiment.text)}</p>
      {run && <Told run={run} />}
    </header>
  );
}

/** The first sentence; where that is but a few words, the first two. */
const lead = (text: string): string => {
  const [first = text, second] = text.match(/[^.!?]+[.!?]+/g) ?? [];
  return first.length < SHORT && second && first.length + second.length < LONG ? first + second : first;
};

const SHORT = 60;
const LONG = 150;

/** Which values made it, where that is not plain. */
function Made({ experiment, job, onAgain }: MadeProps) {
  const draft = useDraft(experiment);
  const known = useStore(knownJobs).has(job.id);
  const changed = differences(experiment, draft, job.recipe.params).length;
  if (changed > 0)
    return (
      <p className="other-values" title={`${changed} of the form differ`}>
        made with other values{' '}
        <button type="button" className="link" onClick={() => offerRecipe(job.recipe, 'this job')}>
          Show
        </button>
      </p>
    );
  return known ? (
    <p className="other-values">
      run before{' '}
      <button type="button" className="link" onClick={onAgain}>
        Run once more
      </button>
    </p>
  ) : null;
}

interface MadeProps {
  readonly experiment: ExperimentInfo;
  readonly job: Job;
  readonly onAgain: () => void;
}

/** What went wrong, or is to be known. */
function Told({ run: { job, warnings } }: { readonly run: Run }) {
  return (
    <>
      <p className="visually-hidden" role="status">
        {isFinal(job.state) ? `The job is ${job.state}. ${job.figures.length} figures.` : ''}
      </p>
      {job.error && (
        <div className="problem" role="alert">
          <p>
            <strong>{job.error.message}</strong>
          </p>
          {job.error.hint && <p>{job.error.hint}</p>}
          <p className="code">{job.error.code}</p>
        </div>
      )}
      {warnings.map((warning) => (
        <p className="warning" key={warning}>
          {warning}
        </p>
      ))}
    </>
  );
}
