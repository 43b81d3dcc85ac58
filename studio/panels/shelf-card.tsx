import { useState } from 'react';
import { isFinal } from '../../src/jobs/job.ts';
import type { Job } from '../../src/server/api-types.ts';
import { newest } from '../bench/stage-view.ts';
import { experimentNamed } from '../catalogue.ts';
import { setDraft } from '../drafts.ts';
import { dragPicture } from '../drag.ts';
import { coarse, nameOf } from '../figure-table.ts';
import { Icon } from '../icons.tsx';
import { complain, notify } from '../notices.ts';
import { go, linkTo } from '../route.ts';
import { completed, summaryOf } from '../schema.ts';
import { forget, mark } from '../shelf.ts';
import { ProgressBar } from './progress.tsx';
import { Star } from './star.tsx';

interface ShelfCardProps {
  readonly job: Job;
  readonly picked: boolean;
  readonly onPick: () => void;
}

const MOST_THUMBS = 4;
const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A job on the shelf: its best picture large, what it was asked for, and what the reader calls it. */
export function ShelfCard({ job, picked, onPick }: ShelfCardProps) {
  const { recipe, figures, createdAt, id } = job;
  const experiment = experimentNamed(recipe.experiment);
  const title = job.title ?? experiment?.title ?? recipe.experiment;
  const [naming, setNaming] = useState(false);
  const best = newest(figures);
  const others = figures
    .filter((figure) => figure.id !== best?.id && figure.seed !== undefined)
    .slice(-MOST_THUMBS);
  const again = () => {
    if (!experiment) return;
    setDraft(experiment.id, completed(experiment, recipe.params));
    go(linkTo.experiment(experiment.id, id));
  };
  const putAway = () => {
    mark(id, { away: !job.away });
    if (!job.away)
      notify('It is put away.', { action: { label: 'Undo', run: () => mark(id, { away: false }) } });
  };
  return (
    <li className={picked ? 'job picked' : 'job'}>
      <a
        className="thumbs"
        draggable={best !== undefined}
        onDragStart={(event) => best && dragPicture(event, best, nameOf(best) || title)}
        href={linkTo.experiment(recipe.experiment, id)}
      >
        <span className="visually-hidden">{`Open ${title}, ${when.format(new Date(createdAt))}`}</span>
        {best ? (
          <img className={coarse(best.width)} src={best.url} alt="" loading="lazy" />
        ) : (
          <ProgressBar job={job} />
        )}
        {others.length > 0 && (
          <span className="others">
            {others.map((figure) => (
              <img key={figure.id} className={coarse(figure.width)} src={figure.url} alt="" loading="lazy" />
            ))}
          </span>
        )}
      </a>
      <div className="what">
        {naming ? (
          <input
            type="text"
            aria-label="Name"
            defaultValue={job.title ?? ''}
            maxLength={80}
            // biome-ignore lint/a11y/noAutofocus: it replaces the button that was pressed
            autoFocus
            onBlur={(event) => {
              mark(id, { title: event.target.value.trim() });
              setNaming(false);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
            }}
          />
        ) : (
          <button
            type="button"
            className="link job-name"
            title="Give it a name"
            onClick={() => setNaming(true)}
          >
            {title}
          </button>
        )}
        {experiment && <p>{summaryOf(experiment, recipe.params)}</p>}
        <p className="numbers">
          <time dateTime={createdAt}>{when.format(new Date(createdAt))}</time>
          {job.state !== 'done' && ` · ${job.state}`}
        </p>
      </div>
      <div className="job-acts">
        <input
          type="checkbox"
          aria-label={`Mark ${title} of ${when.format(new Date(createdAt))} to compare`}
          checked={picked}
          onChange={onPick}
        />
        <Star
          name={title}
          starred={job.starred ?? false}
          onToggle={() => mark(id, { starred: !job.starred })}
        />
        <button
          type="button"
          className="plain"
          aria-label={`${job.away ? 'Bring back' : 'Put away'} ${title}`}
          title={job.away ? 'Bring back' : 'Put away'}
          onClick={putAway}
        >
          <Icon name={job.away ? 'undo' : 'bin'} />
        </button>
        {job.away && isFinal(job.state) && (
          <button
            type="button"
            className="plain"
            aria-label={`Delete ${title} for good`}
            title="Delete for good"
            onClick={() => void forget(id).catch(complain)}
          >
            <Icon name="cross" />
          </button>
        )}
        <button type="button" className="plain" disabled={!experiment} onClick={again}>
          <Icon name="again" />
          Again with…
        </button>
      </div>
    </li>
  );
}
