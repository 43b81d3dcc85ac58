import type { ExperimentInfo } from '../../src/server/api-types.ts';
import { useCatalogue } from '../catalogue.ts';
import { linkTo, type Route } from '../route.ts';
import { runs } from '../runs.ts';
import { createStore, useStore } from '../store.ts';

/** On a narrow screen the list is folded away. */
export const menuOpen = createStore(false);

/** The sections of the page, by number, and the tools beside them, each with a mark while it has a job under way. */
export function Contents({ route }: { readonly route: Route }) {
  const { experiments } = useCatalogue();
  const open = useStore(menuOpen);
  const busy = new Set(
    [...useStore(runs).values()]
      .filter(({ job }) => job.state === 'running')
      .map(({ job }) => job.recipe.experiment),
  );
  const current = route.page === 'experiment' ? route.experiment : undefined;
  const list = (heading: string, some: readonly ExperimentInfo[]) =>
    some.length > 0 && (
      <>
        <h2>{heading}</h2>
        <ol>
          {some.map(({ id, title, section }) => (
            <li key={id}>
              <a
                href={linkTo.experiment(id)}
                aria-current={id === current ? 'page' : undefined}
                onClick={() => menuOpen.set(false)}
              >
                <span className="section-number" aria-hidden="true">
                  {section}
                </span>
                {title}
                {busy.has(id) && <span className="busy" role="img" aria-label="running" />}
              </a>
            </li>
          ))}
        </ol>
      </>
    );
  return (
    <nav className={open ? 'contents open' : 'contents'} aria-label="Experiments">
      {list(
        'Learn',
        experiments.filter(({ section }) => section !== undefined),
      )}
      {list(
        'Make',
        experiments.filter(({ section }) => section === undefined),
      )}
    </nav>
  );
}
