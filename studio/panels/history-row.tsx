import type { Job } from '../../src/server/api-types.ts';
import { experimentNamed } from '../catalogue.ts';
import { setDraft } from '../drafts.ts';
import { go, linkTo } from '../route.ts';
import { completed, summaryOf } from '../schema.ts';
import { ProgressBar } from './progress.tsx';

interface HistoryRowProps {
  readonly job: Job;
  readonly picked: boolean;
  readonly onPick: () => void;
}

const MOST_THUMBS = 5;
const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function HistoryRow({ job, picked, onPick }: HistoryRowProps) {
  const { recipe, figures, createdAt } = job;
  const experiment = experimentNamed(recipe.experiment);
  const title = experiment?.title ?? recipe.experiment;
  const again = () => {
    if (!experiment) return;
    setDraft(experiment.id, completed(experiment, recipe.params));
    go(linkTo.experiment(experiment.id, job.id));
  };
  // What was made carries a seed; what was given comes after it.
  const thumbs = [...figures]
    .sort((a, b) => Number(b.seed !== undefined) - Number(a.seed !== undefined))
    .slice(0, MOST_THUMBS);
  return (
    <li className={picked ? 'job picked' : 'job'}>
      <input
        type="checkbox"
        aria-label={`Mark ${title} of ${when.format(new Date(createdAt))} to compare`}
        checked={picked}
        onChange={onPick}
      />
      <a
        className="thumbs"
        href={linkTo.experiment(recipe.experiment, job.id)}
        aria-label={thumbs.length === 0 ? `no figures: open ${title}` : `Open ${title}`}
      >
        {thumbs.map(({ id, url }) => (
          <img key={id} src={url} alt="" loading="lazy" />
        ))}
        {thumbs.length === 0 && <span className="none">no figures</span>}
      </a>
      <div className="what">
        <a href={linkTo.experiment(recipe.experiment, job.id)}>{title}</a>
        {experiment && <p>{summaryOf(experiment, recipe.params)}</p>}
        <p className="numbers">
          <time dateTime={createdAt}>{when.format(new Date(createdAt))}</time>
        </p>
      </div>
      <ProgressBar job={job} />
      <button type="button" disabled={!experiment} onClick={again}>
        Again with…
      </button>
    </li>
  );
}
