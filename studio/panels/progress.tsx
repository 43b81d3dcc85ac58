import { useEffect, useMemo, useState } from 'react';
import { isFinal } from '../../src/jobs/job.ts';
import type { Job } from '../../src/server/api-types.ts';
import { duration } from '../../src/words.ts';
import { useStore } from '../store.ts';
import { waitedFor } from '../waited.ts';

const stateSays: Record<Job['state'], string> = {
  queued: 'waiting',
  running: 'running',
  cancelling: 'stopping',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** State, share of the work, and what is waited for; or network calls made, time taken and time left. */
export function ProgressBar({ job }: { readonly job: Job }) {
  const { state, progress } = job;
  const waited = useStore(waitedFor);
  const part = state === 'done' ? 1 : (progress.fraction ?? 0);
  return (
    <div className="progress" data-state={state}>
      <span className="state">{stateSays[state]}</span>
      {(state === 'running' || state === 'cancelling') && (
        <div
          className="bar"
          role="progressbar"
          aria-label="Progress"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(100 * part)}
        >
          <div style={{ inlineSize: `${100 * part}%` }} />
        </div>
      )}
      <span className="figures">
        {state === 'running' && waited !== '' ? (
          waited
        ) : (
          <>
            {!isFinal(state) && progress.total > 0 && `${progress.done} of ${progress.total} · `}
            <Duration job={job} />
          </>
        )}
      </span>
    </div>
  );
}

function Duration({ job }: { readonly job: Job }) {
  const { secondsLeft } = job.progress;
  const over = isFinal(job.state);
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (over) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [over]);
  // What was said to be left goes by until something else is said.
  const saidAt = useMemo(() => secondsLeft !== undefined && Date.now(), [secondsLeft]);
  if (!job.startedAt) return null;
  const until = job.finishedAt ? Date.parse(job.finishedAt) : now;
  const seconds = Math.max(0, (until - Date.parse(job.startedAt)) / 1000);
  const left = secondsLeft && saidAt && secondsLeft - (now - saidAt) / 1000;
  return `${duration(seconds)}${over || !left || left < 1 ? '' : `, about ${duration(Math.round(left))} left`}`;
}
