import { useMemo } from 'react';
import { experimentNamed } from '../catalogue.ts';
import { dragPicture } from '../drag.ts';
import { coarse, nameOf } from '../figure-table.ts';
import { linkTo } from '../route.ts';
import { runs } from '../runs.ts';
import { useStore } from '../store.ts';

const MOST = 24;

/** The latest results, to go back to and to drag into any picture's field. */
export function Tray() {
  const all = useStore(runs);
  const results = useMemo(
    () =>
      [...all.values()]
        .map(({ job }) => job)
        .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
        .flatMap((job) =>
          job.figures
            .filter(({ seed }) => seed !== undefined)
            .map((figure) => ({ job, figure }))
            .reverse(),
        )
        .slice(0, MOST),
    [all],
  );
  return (
    <aside className="tray" aria-label="Latest results">
      {results.length === 0 ? (
        <p className="hint">What you make gathers here; drag it into any picture's field.</p>
      ) : (
        <ul>
          {results.map(({ job, figure }) => {
            const title = experimentNamed(job.recipe.experiment)?.title ?? job.recipe.experiment;
            const name = `${title}: ${nameOf(figure) || figure.caption || figure.id}`;
            return (
              <li key={`${job.id} ${figure.id}`}>
                <a
                  href={linkTo.experiment(job.recipe.experiment, job.id)}
                  title={name}
                  aria-label={name}
                  draggable
                  onDragStart={(event) => dragPicture(event, figure, name)}
                >
                  <img className={coarse(figure.width)} src={figure.url} alt="" loading="lazy" />
                </a>
              </li>
            );
          })}
        </ul>
      )}
      <a className="to-shelf" href={linkTo.history()}>
        All results
      </a>
    </aside>
  );
}
