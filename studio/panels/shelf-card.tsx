import { useState } from 'react';
import type { Job } from '../../src/server/api-types.ts';
import { newest } from '../bench/stage-view.ts';
import { experimentNamed } from '../catalogue.ts';
import { setDraft } from '../drafts.ts';
import { dragPicture } from '../drag.ts';
import { coarse, nameOf } from '../figure-table.ts';
import { Icon } from '../icons.tsx';
import { notify } from '../notices.ts';
import { go, linkTo } from '../route.ts';
import { completed, summaryOf } from '../schema.ts';
import { type Opinion, opine } from '../shelf.ts';
import { ProgressBar } from './progress.tsx';

interface ShelfCardProps {
  readonly job: Job;
  readonly opinion: Opinion;
  readonly picked: boolean;
  readonly onPick: () => void;
}

const MOST_THUMBS = 4;
const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A job on the shelf: its best picture large, what it was asked for, and what the reader calls it. */
export function ShelfCard({ job, opinion, picked, onPick }: ShelfCardProps) {
  const { recipe, figures, createdAt, id } = job;
  const experiment = experimentNamed(recipe.experiment);
  const title = opinion.name ?? experiment?.title ?? recipe.experiment;
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
    opine(id, { away: !opinion.away });
    if (!opinion.away)
      notify('It is put away.', { action: { label: 'Undo', run: () => opine(id, { away: false }) } });
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
            defaultValue={opinion.name ?? ''}
            maxLength={80}
            // biome-ignore lint/a11y/noAutofocus: it replaces the button that was pressed
            autoFocus
            onBlur={(event) => {
              opine(id, { name: event.target.value.trim() });
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
        <button
          type="button"
          className="plain"
          aria-label={`Star ${title}`}
          aria-pressed={opinion.star ?? false}
          onClick={() => opine(id, { star: !opinion.star })}
        >
          <Icon name="star" />
        </button>
        <button
          type="button"
          className="plain"
          aria-label={`${opinion.away ? 'Bring back' : 'Put away'} ${title}`}
          onClick={putAway}
        >
          <Icon name="bin" />
        </button>
        <button type="button" className="plain" disabled={!experiment} onClick={again}>
          <Icon name="again" />
          Again with…
        </button>
      </div>
    </li>
  );
}
