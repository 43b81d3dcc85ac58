import { lazy, Suspense, useState } from 'react';
import type { FigureInfo, Job } from '../../src/server/api-types.ts';
import { dragPicture } from '../drag.ts';
import { givenOf, nameOf } from '../figure-table.ts';
import { saveFigure } from '../files.ts';
import { Icon } from '../icons.tsx';
import { keepFigure } from '../keep-figure.ts';
import { complain } from '../notices.ts';
import { Numbers } from '../panels/figure.tsx';
import { Turning } from '../panels/turning.tsx';

const BeforeAfter = lazy(() => import('./before-after.tsx'));

interface ResultProps {
  readonly job: Job;
  readonly figure: FigureInfo;
  readonly onOpen: () => void;
}

/** The figure in hand: turned, held against what it was made from, opened, saved, or dragged away. */
export function Result({ job, figure, onOpen }: ResultProps) {
  const [turned, setTurned] = useState(false);
  const [against, setAgainst] = useState(false);
  const { view, turnedCaption, caption, farCaption } = figure;
  const given = givenOf(job.figures, figure);
  const name = nameOf(figure) || caption || 'result';
  const says = turned && turnedCaption ? turnedCaption : caption;
  return (
    <figure className="slot result" data-result={figure.id}>
      <div className="frame">
        {against && given ? (
          <Suspense fallback={null}>
            <BeforeAfter before={given} after={figure} />
          </Suspense>
        ) : (
          <button
            type="button"
            className="picture"
            aria-label={`Open ${name} large`}
            draggable
            onDragStart={(event) => dragPicture(event, figure, name)}
            onClick={onOpen}
          >
            <Turning figure={figure} turned={turned} />
            {farCaption && <img className="afar" src={figure.url} alt="" />}
          </button>
        )}
        <div className="result-acts">
          {view && (
            <button
              type="button"
              className="plain"
              aria-pressed={turned}
              title="Turn"
              aria-label={`Turn ${name}`}
              onClick={() => setTurned(!turned)}
            >
              <Icon name="turn" />
            </button>
          )}
          {given && given.id !== figure.id && (
            <button
              type="button"
              className="plain"
              aria-pressed={against}
              title="Before and after"
              aria-label="Before and after"
              onClick={() => setAgainst(!against)}
            >
              <Icon name="flip" />
            </button>
          )}
          <button type="button" className="plain" title="Open large" aria-label="Open large" onClick={onOpen}>
            <Icon name="large" />
          </button>
          <button
            type="button"
            className="plain"
            title="Keep on my page"
            aria-label={`Keep ${name} on my page`}
            onClick={() => void keepFigure(job, figure).catch(complain)}
          >
            <Icon name="page" />
          </button>
          <button
            type="button"
            className="plain"
            title="Save PNG, recipe inside"
            aria-label={`Save ${name} as PNG, recipe inside`}
            onClick={() => void saveFigure(job, figure).catch(complain)}
          >
            <Icon name="down" />
          </button>
        </div>
      </div>
      <figcaption>
        <span className="result-name" title={says ?? name}>
          <b>{name}</b> {says && !name.includes(says) && says}
          {farCaption && ` from afar: ${farCaption}`}
        </span>
        <span className="result-name">
          <Numbers figure={figure} />
        </span>
      </figcaption>
    </figure>
  );
}
