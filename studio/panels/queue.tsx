import { useState } from 'react';
import { isFinal } from '../../src/jobs/job.ts';
import { backend } from '../backend.ts';
import { experimentNamed } from '../catalogue.ts';
import { Dialog } from '../dialog.tsx';
import { complain } from '../notices.ts';
import { linkTo } from '../route.ts';
import { learn, type Run, runs } from '../runs.ts';
import { summaryOf } from '../schema.ts';
import { useStore } from '../store.ts';
import { ProgressBar } from './progress.tsx';

/** What runs and what waits, oldest first, as the workers take it. */
export function QueueDrawer({ onClose }: { readonly onClose: () => void }) {
  const open = [...useStore(runs).values()]
    .filter(({ job }) => !isFinal(job.state))
    .sort((a, b) => a.job.createdAt.localeCompare(b.job.createdAt));
  return (
    <Dialog title="Queue" onClose={onClose}>
      {open.length === 0 && <p className="empty">Nothing runs and nothing waits.</p>}
      <ul className="queue">
        {open.map((run) => (
          <QueueRow key={run.job.id} run={run} onClose={onClose} />
        ))}
      </ul>
    </Dialog>
  );
}

function QueueRow({ run: { job }, onClose }: { readonly run: Run; readonly onClose: () => void }) {
  const experiment = experimentNamed(job.recipe.experiment);
  const title = experiment?.title ?? job.recipe.experiment;
  return (
    <li>
      <a href={linkTo.experiment(job.recipe.experiment, job.id)} onClick={onClose}>
        {title}
      </a>
      {experiment && <p className="summary">{summaryOf(experiment, job.recipe.params)}</p>}
      <ProgressBar job={job} />
      <CancelButton id={job.id} cancelling={job.state === 'cancelling'} what={title} />
    </li>
  );
}

/** Cancelling takes up to one step; until then the button says so. */
export function CancelButton({
  id,
  cancelling,
  what,
}: {
  readonly id: string;
  readonly cancelling: boolean;
  readonly what: string;
}) {
  const [pressed, setPressed] = useState(false);
  const cancel = async () => {
    setPressed(true);
    await backend.cancel(id).then(learn, complain);
    setPressed(false);
  };
  return (
    <button
      type="button"
      className="cancel"
      disabled={pressed || cancelling}
      aria-label={`Cancel ${what}`}
      onClick={cancel}
    >
      {cancelling ? 'Stopping…' : 'Cancel'}
    </button>
  );
}
