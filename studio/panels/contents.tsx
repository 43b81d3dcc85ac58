import { useCatalogue } from '../catalogue.ts';
import { linkTo, type Route } from '../route.ts';
import { runs } from '../runs.ts';
import { createStore, useStore } from '../store.ts';

/** On a narrow screen the list is folded away. */
export const menuOpen = createStore(false);

/** The experiments in the document's order, each with a mark while it has a job under way. */
export function Contents({ route }: { readonly route: Route }) {
  const { experiments } = useCatalogue();
  const open = useStore(menuOpen);
  const busy = new Set(
    [...useStore(runs).values()]
      .filter(({ job }) => job.state === 'running')
      .map(({ job }) => job.recipe.experiment),
  );
  const current = route.page === 'experiment' ? (route.experiment ?? experiments[0]?.id) : undefined;
  return (
    <nav className={open ? 'contents open' : 'contents'} aria-label="Experiments">
      <ol>
        {experiments.map(({ id, title }) => (
          <li key={id}>
            <a
              href={linkTo.experiment(id)}
              aria-current={id === current ? 'page' : undefined}
              onClick={() => menuOpen.set(false)}
            >
              {title}
              {busy.has(id) && <span className="busy" role="img" aria-label="running" />}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
