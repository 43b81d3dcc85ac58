import { useEffect } from 'react';
import { markdownHtml } from '../../src/gallery/markdown.ts';
import { isFinal } from '../../src/jobs/job.ts';
import type { FigureInfo, Job } from '../../src/server/api-types.ts';
import { backend } from '../backend.ts';
import { setBranch } from '../branch.ts';
import { experimentNamed } from '../catalogue.ts';
import { setDraft } from '../drafts.ts';
import { coarse, nameOf } from '../figure-table.ts';
import { Icon, type IconName } from '../icons.tsx';
import { complain } from '../notices.ts';
import { changeSection, moveSection, type OwnSection, removeSection } from '../own-page.ts';
import { go, linkTo } from '../route.ts';
import { learn, useRun } from '../runs.ts';
import { completed, summaryOf } from '../schema.ts';
import { ProgressBar } from './progress.tsx';

interface OwnSectionProps {
  readonly section: OwnSection;
  readonly place: number;
  readonly last: boolean;
}

/** A section with its figures, its words, and what can be done with it. */
export function OwnSectionCard({ section, place, last }: OwnSectionProps) {
  const { key, recipe, title = '', text } = section;
  const experiment = experimentNamed(recipe?.experiment);
  const usual = experiment?.title ?? '';
  const name = title || usual || `section ${place + 1}`;
  const words = text ?? '';
  return (
    <li className="own-section" aria-label={name}>
      {recipe && <Pictures section={section} />}
      <div className="own-words">
        <input
          type="text"
          aria-label={`Title of section ${place + 1}`}
          placeholder={usual || 'A title for these words'}
          value={title}
          maxLength={200}
          onChange={({ target }) => changeSection(key, { title: target.value })}
        />
        <textarea
          rows={3}
          aria-label={`Text of section ${place + 1}, Markdown`}
          placeholder="Your words, in Markdown"
          value={words}
          onChange={({ target }) => changeSection(key, { text: target.value })}
        />
        {words !== '' ? (
          // biome-ignore lint/security/noDangerouslySetInnerHtml: Markdown without HTML, made by this program
          <div className="own-prose" dangerouslySetInnerHTML={{ __html: markdownHtml(words) }} />
        ) : (
          recipe && (
            <label className="own-usual">
              <input
                type="checkbox"
                checked={text === undefined}
                onChange={({ target }) => changeSection(key, { text: target.checked ? undefined : '' })}
              />
              with what the experiment says of itself
            </label>
          )
        )}
        {recipe && experiment && <p className="numbers">{summaryOf(experiment, recipe.params)}</p>}
      </div>
      <div className="own-acts">
        <Act icon="chevronUp" name="Up" of={name} disabled={place === 0} run={() => moveSection(key, -1)} />
        <Act icon="chevronDown" name="Down" of={name} disabled={last} run={() => moveSection(key, 1)} />
        <Act icon="cross" name="Take off the page" of={name} run={() => removeSection(key)} />
      </div>
    </li>
  );
}

/** Figures of its job, or what makes them where there is none yet. */
function Pictures({ section }: { readonly section: OwnSection }) {
  const { key, job: id, figure, recipe } = section;
  const run = useRun(id);
  const known = run !== undefined;
  useEffect(() => {
    // One that is not kept any more can be run again.
    if (id !== undefined && !known) void backend.job(id).then(learn, () => undefined);
  }, [id, known]);
  const make = async () => {
    const { job } = await backend.submit(recipe!);
    learn(job);
    changeSection(key, { job: job.id });
  };
  const experiment = experimentNamed(recipe!.experiment);
  const toBench = () => {
    if (!experiment) return;
    setDraft(experiment.id, completed(experiment, recipe!.params));
    setBranch(experiment.id, recipe!.from);
    go(linkTo.experiment(experiment.id, id));
  };
  const job = run?.job;
  const figures = job ? shownOf(job, figure) : [];
  return (
    <div className="own-pictures">
      {figures.length > 0 ? (
        <ul data-many={figures.length > 1 || undefined}>
          {figures.map((one) => (
            <li key={one.id}>
              <img className={coarse(one.width)} src={one.url} alt={one.caption ?? nameOf(one)} />
            </li>
          ))}
        </ul>
      ) : (
        <p className="none">{job && !isFinal(job.state) ? '' : 'Not drawn here yet.'}</p>
      )}
      {job && job.state !== 'done' && <ProgressBar job={job} />}
      <div className="buttons">
        {(!job || (isFinal(job.state) && job.state !== 'done')) && (
          <button type="button" onClick={() => void make().catch(complain)}>
            Run
          </button>
        )}
        <button type="button" className="plain" onClick={toBench}>
          To the bench
        </button>
      </div>
    </div>
  );
}

const shownOf = ({ figures }: Job, id: string | undefined): readonly FigureInfo[] => {
  const one = figures.filter((figure) => figure.id === id);
  return one.length > 0 ? one : figures;
};

interface ActProps {
  readonly icon: IconName;
  readonly name: string;
  /** What it is done to. */
  readonly of: string;
  readonly disabled?: boolean;
  readonly run: () => void;
}

const Act = ({ icon, name, of, disabled, run }: ActProps) => (
  <button
    type="button"
    className="plain"
    title={name}
    aria-label={`${name}: ${of}`}
    // It keeps the focus at the end of the way.
    aria-disabled={disabled}
    onClick={() => !disabled && run()}
  >
    <Icon name={icon} />
  </button>
);
