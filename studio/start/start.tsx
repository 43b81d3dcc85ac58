import { useState } from 'react';
import type { ExperimentInfo } from '../../src/server/api-types.ts';
import { newest } from '../bench/stage-view.ts';
import { useCatalogue } from '../catalogue.ts';
import { takePicture } from '../drop.ts';
import { coarse } from '../figure-table.ts';
import { chooseFiles, PICTURE_TYPES } from '../files.ts';
import { flowIn } from '../flows.ts';
import { Icon } from '../icons.tsx';
import { complain } from '../notices.ts';
import { linkTo } from '../route.ts';
import { runs } from '../runs.ts';
import { useStore } from '../store.ts';
import { IllusionCard, NoiseCard, PhotoCard, RepaintCard } from './cards.tsx';

/** Four things that are alive before anything has been run, and a place to drop a picture. */
export function StartPage() {
  const { experiments } = useCatalogue();
  const [busy, setBusy] = useState(false);
  const bring = async () => {
    const [file] = await chooseFiles(PICTURE_TYPES);
    if (!file) return;
    setBusy(true);
    await takePicture(file).catch(complain);
    setBusy(false);
  };
  const door = (
    flow: Parameters<typeof flowIn>[1],
    card: (experiment: ExperimentInfo) => React.ReactNode,
  ) => {
    const experiment = flowIn(experiments, flow);
    return experiment && card(experiment);
  };
  return (
    <article className="start">
      <header>
        <h1>Pictures out of noise</h1>
        <p className="lead">See how a diffusion model works, and make it work on what you bring.</p>
        <button type="button" className="bring" aria-busy={busy} onClick={() => void bring()}>
          <Icon name="photo" />
          <span>
            <b>Begin with a picture</b>
            <small>Drop one anywhere, paste it, or press to choose a file</small>
          </span>
        </button>
      </header>
      <div className="cards">
        {door('noise', (experiment) => (
          <NoiseCard experiment={experiment} />
        ))}
        {door('photo', (experiment) => (
          <PhotoCard experiment={experiment} onBring={() => void bring()} />
        ))}
        {door('repaint', (experiment) => (
          <RepaintCard experiment={experiment} />
        ))}
        {door('illusion', (experiment) => (
          <IllusionCard experiment={experiment} />
        ))}
      </div>
      <Continue />
    </article>
  );
}

const MOST = 8;

/** The latest jobs, as pictures. */
function Continue() {
  const jobs = [...useStore(runs).values()]
    .map(({ job }) => job)
    .filter(({ figures }) => figures.length > 0)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
    .slice(0, MOST);
  const { experiments } = useCatalogue();
  if (jobs.length === 0) return null;
  return (
    <section className="continue" aria-label="Continue">
      <h2>Continue</h2>
      <ul>
        {jobs.map((job) => {
          const figure = newest(job.figures)!;
          const title =
            experiments.find(({ id }) => id === job.recipe.experiment)?.title ?? job.recipe.experiment;
          return (
            <li key={job.id}>
              <a href={linkTo.experiment(job.recipe.experiment, job.id)}>
                <img className={coarse(figure.width)} src={figure.url} alt="" />
                {title}
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
