import { lazy, Suspense, useEffect } from 'react';
import { RefusedError } from './backend.ts';
import { BenchPage } from './bench/page.tsx';
import { Tray } from './bench/tray.tsx';
import { setBranch } from './branch.ts';
import { Broken } from './broken.tsx';
import { experimentNamed, loadCatalogue, loading } from './catalogue.ts';
import { lastJobs, setDraft } from './drafts.ts';
import { hovering, takeDroppedPictures } from './drop.ts';
import { names } from './names.ts';
import { complain, forgive } from './notices.ts';
import { offerRecipe } from './offer.ts';
import { Contents } from './panels/contents.tsx';
import { Notices } from './panels/notices.tsx';
import { OfferDialog } from './panels/offer-dialog.tsx';
import { Away, TopBar } from './panels/top-bar.tsx';
import { unpackRecipe } from './recipe.ts';
import { linkTo, type Route, replaceWith, useRoute } from './route.ts';
import { StartPage } from './start/start.tsx';
import { useStore } from './store.ts';

const HistoryPage = lazy(() => import('./panels/history.tsx'));
const GridPage = lazy(() => import('./panels/grid.tsx'));
const OwnPagePage = lazy(() => import('./panels/own-page.tsx'));
const ComparePage = lazy(() => import('./panels/compare-jobs.tsx'));

export function App() {
  const route = useRoute();
  useStore(names); // they may come after what they are written on
  useEffect(() => void loadCatalogue(), []);
  useEffect(takeDroppedPictures, []);
  useTitle(route);
  const where = route.page === 'experiment' ? route.experiment : route.page;
  // A link that cannot be read leads elsewhere, and what is said of it stays.
  useEffect(() => (where === 'recipe' ? undefined : forgive), [where]);
  const bench = route.page === 'experiment';
  const place = JSON.stringify(route);
  return (
    <>
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the work
      </button>
      <TopBar route={route} />
      <Away />
      <div className="shell" data-page={route.page}>
        <Contents route={route} />
        <main id="main" tabIndex={-1}>
          <Broken place={place} what="page" onForget={forgetting(route)}>
            <Suspense fallback={<p className="empty">Loading…</p>}>
              <Page route={route} />
            </Suspense>
          </Broken>
        </main>
        {bench && (
          <Broken place={place} what="row of results">
            <Tray />
          </Broken>
        )}
      </div>
      <Broken place={place} what="recipe">
        <OfferDialog />
      </Broken>
      <Notices />
      {useStore(hovering) && <p className="dropping">Drop it: it becomes the picture.</p>}
    </>
  );
}

/** A form that cannot be shown begins again without what was typed, without its branch, and beside no job. */
const forgetting = (route: Route) =>
  route.page === 'experiment'
    ? () => {
        setDraft(route.experiment, {});
        setBranch(route.experiment, undefined);
        lastJobs.set(({ [route.experiment]: _, ...others }) => others);
        replaceWith(linkTo.experiment(route.experiment));
      }
    : undefined;

function Page({ route }: { readonly route: Route }) {
  const catalogue = useStore(loading);
  if (catalogue.state === 'loading') return <p className="empty">Asking what there is…</p>;
  if (catalogue.state === 'failed') return <Refused error={catalogue.error} />;
  switch (route.page) {
    case 'start':
      return <StartPage />;
    case 'history':
      return <HistoryPage />;
    case 'grid':
      return <GridPage />;
    case 'page':
      return <OwnPagePage />;
    case 'compare':
      return <ComparePage ids={route.jobs} />;
    case 'recipe':
      return <FromLink packed={route.packed} />;
    case 'unknown':
      return <Nowhere what={`“${route.hash}”`} />;
    case 'experiment': {
      const experiment = experimentNamed(route.experiment);
      if (!experiment) return <Nowhere what={`an experiment “${route.experiment}”`} />;
      const job = route.job ?? lastJobs.get()[experiment.id];
      return <BenchPage key={experiment.id} experiment={experiment} jobId={job} />;
    }
  }
}

function Nowhere({ what }: { readonly what: string }) {
  return (
    <article className="nowhere">
      <h1>There is nothing here</h1>
      <p>
        {`The studio has no place for ${what}. `}
        <a href={linkTo.start()}>Go to the start</a>, or choose an experiment from the list.
      </p>
    </article>
  );
}

function Refused({ error }: { readonly error: Error }) {
  if (error instanceof RefusedError && error.problem.status === 503)
    return (
      <p className="empty" role="status">
        The checkpoint is being opened. This page goes on by itself as soon as it is there.
      </p>
    );
  const hint = error instanceof RefusedError ? error.problem.hint : undefined;
  return (
    <div className="empty">
      <p>{error.message}</p>
      {hint && <p className="hint">{hint}</p>}
    </div>
  );
}

/** The title says where one is, so that tabs and the browser's history can be told apart. */
function useTitle(route: Route): void {
  useStore(loading);
  const title = [placeOf(route), 'campanile studio'].filter(Boolean).join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}

const places: Partial<Record<Route['page'], string>> = {
  history: 'Shelf',
  grid: 'Sweep',
  page: 'My page',
  compare: 'Compared',
};

const placeOf = (route: Route): string | undefined =>
  route.page === 'experiment' ? experimentNamed(route.experiment)?.title : places[route.page];

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
