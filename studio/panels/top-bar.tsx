import { useEffect, useState } from 'react';
import { isFinal } from '../../src/jobs/job.ts';
import { backend, type Connection, RefusedError } from '../backend.ts';
import { loading } from '../catalogue.ts';
import { chooseFiles } from '../files.ts';
import { Icon, type IconName } from '../icons.tsx';
import { connection, retryAt, retryNow } from '../live.ts';
import { complain } from '../notices.ts';
import { offerRecipeOf } from '../offer.ts';
import { ownPage } from '../own-page.ts';
import { linkTo, type Route } from '../route.ts';
import { runs } from '../runs.ts';
import { useStore } from '../store.ts';
import { type Theme, theme, themes } from '../theme.ts';
import { menuOpen } from './contents.tsx';
import { QueueDrawer } from './queue.tsx';

const connectionSays: Record<Connection, string> = {
  connecting: 'connecting',
  live: 'live',
  stale: 'silent',
  offline: 'no server',
};

const themeIcons: Record<Theme, IconName> = { auto: 'half', light: 'sun', dark: 'moon' };

export function TopBar({ route }: { readonly route: Route }) {
  const state = useStore(connection);
  const shown = useStore(theme);
  const { length: sections } = useStore(ownPage).sections;
  const [queue, setQueue] = useState(false);
  const open = [...useStore(runs).values()].filter(({ job }) => !isFinal(job.state)).length;
  return (
    <header className="top">
      <button
        type="button"
        className="plain menu"
        aria-label="Experiments"
        onClick={() => menuOpen.set((now) => !now)}
      >
        <Icon name="menu" />
      </button>
      <a className="name" href="#/">
        campanile
      </a>
      <nav aria-label="Pages">
        <a href={linkTo.start()} aria-current={route.page === 'start' ? 'page' : undefined}>
          Start
        </a>
        <a href={linkTo.history()} aria-current={route.page === 'history' ? 'page' : undefined}>
          Shelf
        </a>
        <a
          className="to-sweep"
          href={linkTo.grid()}
          aria-current={route.page === 'grid' ? 'page' : undefined}
        >
          Sweep
        </a>
        <a href={linkTo.ownPage()} aria-current={route.page === 'page' ? 'page' : undefined}>
          My page
          {sections > 0 && <span className="count">{sections}</span>}
        </a>
      </nav>
      <span className="spring" />
      <button type="button" className="plain" onClick={openRecipe} aria-label="Recipe from PNG">
        <Icon name="photo" />
        <span className="wide-only">Recipe from PNG</span>
      </button>
      <button type="button" className="plain" onClick={() => setQueue(true)} data-testid="queue">
        <span className="wide-only">Queue </span>
        <span className="count">{open}</span>
      </button>
      <span
        className="connection"
        data-state={state}
        role="status"
        title={`What happens at: ${backend.place}`}
      >
        {connectionSays[state]}
      </span>
      <button
        type="button"
        className="plain"
        aria-label={`Theme: ${shown}`}
        onClick={() => theme.set(themes[(themes.indexOf(shown) + 1) % themes.length]!)}
      >
        <Icon name={themeIcons[shown]} />
      </button>
      {queue && <QueueDrawer onClose={() => setQueue(false)} />}
    </header>
  );
}

async function openRecipe(): Promise<void> {
  const [file] = await chooseFiles('image/png');
  if (file) await offerRecipeOf(file).catch(complain);
}

/** Shown while nobody answers: what is kept, and what to do. */
export function Away() {
  const state = useStore(connection);
  const due = useStore(retryAt);
  const catalogue = useStore(loading);
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (state !== 'offline') return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [state]);
  // Someone answers, and says what is wrong: that is shown in the middle of the page.
  const answered = catalogue.state === 'failed' && catalogue.error instanceof RefusedError;
  if (state !== 'offline' || answered) return null;
  const seconds = due === undefined ? 0 : Math.max(0, Math.ceil((due - now) / 1000));
  return (
    <div className="away">
      <p role="alert">
        <strong>{backend.place} does not answer.</strong> Start it with <code>campanile serve</code>. What
        stands in the forms is kept, and jobs go on where they are.
      </p>
      <button type="button" onClick={() => retryNow()}>
        Try now{seconds > 0 && ` (${seconds} s)`}
      </button>
    </div>
  );
}
