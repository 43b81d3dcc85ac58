import { lazy, Suspense, useEffect } from 'react';
import { RefusedError } from './backend.ts';
import { experimentNamed, loadCatalogue, loading } from './catalogue.ts';
import { lastJobs } from './drafts.ts';
import { picturesIn } from './files.ts';
import { complain } from './notices.ts';
import { offerRecipe, offerRecipeOf } from './offer.ts';
import { Contents } from './panels/contents.tsx';
import { ExperimentPage } from './panels/experiment.tsx';
import { Notices } from './panels/notices.tsx';
import { OfferDialog } from './panels/offer-dialog.tsx';
import { Away, TopBar } from './panels/top-bar.tsx';
import { unpackRecipe } from './recipe.ts';
import { linkTo, type Route, replaceWith, useRoute } from './route.ts';
import { useStore } from './store.ts';

const HistoryPage = lazy(() => import('./panels/history.tsx'));
const GridPage = lazy(() => import('./panels/grid.tsx'));
const ComparePage = lazy(() => import('./panels/compare-jobs.tsx'));

export function App() {
  const route = useRoute();
  useEffect(() => void loadCatalogue(), []);
  useEffect(takeDroppedRecipes, []);
  return (
    <>
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the work
      </button>
      <TopBar route={route} />
      <Away />
      <div className="shell">
        <Contents route={route} />
        <main id="main" tabIndex={-1}>
          <Suspense fallback={<p className="empty">Loading…</p>}>
            <Page route={route} />
          </Suspense>
        </main>
      </div>
      <OfferDialog />
      <Notices />
    </>
  );
}

function Page({ route }: { readonly route: Route }) {
  const catalogue = useStore(loading);
  if (catalogue.state === 'loading') return <p className="empty">Asking the server what it offers…</p>;
  if (catalogue.state === 'failed') return <Refused error={catalogue.error} />;
  switch (route.page) {
    case 'history':
      return <HistoryPage />;
    case 'grid':
      return <GridPage />;
    case 'compare':
      return <ComparePage ids={route.jobs} />;
    case 'recipe':
      return <FromLink packed={route.packed} />;
    case 'experiment': {
      const experiment = experimentNamed(route.experiment) ?? catalogue.catalogue.experiments[0];
      if (!experiment) return <p className="empty">The server offers no experiments.</p>;
      const job = route.job ?? lastJobs.get()[experiment.id];
      return <ExperimentPage key={experiment.id} experiment={experiment} jobId={job} />;
    }
  }
}

function Refused({ error }: { readonly error: Error }) {
  const hint = error instanceof RefusedError ? error.problem.hint : undefined;
  return (
    <p className="empty">
      {error.message}
      {hint && <small className="hint"> {hint}</small>}
    </p>
  );
}

/** A link brings a recipe: show it, over the form it is for. */
function FromLink({ packed }: { readonly packed: string }) {
  useEffect(() => {
    unpackRecipe(packed).then(
      (recipe) => {
        replaceWith(linkTo.experiment(recipe.experiment));
        offerRecipe(recipe, 'the link');
      },
      () => {
        complain(new Error('The link holds no recipe that can be read. Was it copied whole?'));
        replaceWith('#/');
      },
    );
  }, [packed]);
  return <p className="empty">Reading the recipe…</p>;
}

/** A picture dropped beside every field is asked for its recipe. */
function takeDroppedRecipes(): () => void {
  const over = (event: DragEvent) => event.preventDefault();
  const drop = (event: DragEvent) => {
    event.preventDefault();
    const [file] = picturesIn(event.dataTransfer);
    if (file) void offerRecipeOf(file).catch(complain);
  };
  addEventListener('dragover', over);
  addEventListener('drop', drop);
  return () => {
    removeEventListener('dragover', over);
    removeEventListener('drop', drop);
  };
}
