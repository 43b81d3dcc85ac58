import type { ExperimentInfo, Job } from '../../src/server/api-types.ts';
import { fileName, save } from '../files.ts';
import { Icon } from '../icons.tsx';
import { complain, notify } from '../notices.ts';
import { recipeLink } from '../recipe.ts';
import { withoutDefaults } from '../schema.ts';

interface ShareMenuProps {
  readonly experiment: ExperimentInfo;
  readonly job: Job;
  readonly onAgain: () => void;
}

/** What can be taken along from a job that has ended. */
export function ShareMenu({ experiment, job, onAgain }: ShareMenuProps) {
  const copyLink = async () => {
    const link = await recipeLink({
      experiment: experiment.id,
      params: withoutDefaults(experiment, job.recipe.params),
    });
    await navigator.clipboard.writeText(link).then(
      () => notify('The link to this recipe is on the clipboard.'),
      () => notify('The browser does not hand out its clipboard. The link:', { detail: link, tone: 'bad' }),
    );
  };
  const savePage = async () => {
    const { pageOf } = await import('../page.ts');
    save(await pageOf(experiment, job), `${fileName(experiment.title)}.html`);
  };
  return (
    <div className="buttons share">
      <button type="button" onClick={() => void copyLink().catch(complain)}>
        <Icon name="link" />
        Copy link
      </button>
      {job.figures.length > 0 && (
        <button type="button" onClick={() => void savePage().catch(complain)}>
          <Icon name="down" />
          Save page
        </button>
      )}
      {job.state !== 'done' && (
        <button type="button" onClick={onAgain}>
          <Icon name="again" />
          Try again
        </button>
      )}
    </div>
  );
}
