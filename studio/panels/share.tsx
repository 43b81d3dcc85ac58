import type { ExperimentInfo, Job } from '../../src/server/api-types.ts';
import { nameOf } from '../figure-table.ts';
import { fileName, save } from '../files.ts';
import { Icon } from '../icons.tsx';
import { keepFigures } from '../keep-figure.ts';
import { complain, notify } from '../notices.ts';
import { recipeLink } from '../recipe.ts';
import { withoutDefaults } from '../schema.ts';
import { withPictures } from '../shared.ts';
import { Menu } from './menu.tsx';

interface ShareMenuProps {
  readonly experiment: ExperimentInfo;
  readonly job: Job;
  readonly onAgain: () => void;
}

/** What can be taken along from a job that has ended. */
export function ShareMenu({ experiment, job, onAgain }: ShareMenuProps) {
  const act = (work: () => Promise<void>) => () => void work().catch(complain);
  const copyLink = act(async () => {
    const { from } = job.recipe;
    const params = withoutDefaults(experiment, job.recipe.params);
    const link = await recipeLink(
      await withPictures({ experiment: experiment.id, params, ...(from ? { from } : {}) }, job),
    );
    await navigator.clipboard.writeText(link).then(
      () => notify('The link to this recipe is on the clipboard.'),
      () => notify('The browser does not hand out its clipboard. The link:', { detail: link, tone: 'bad' }),
    );
  });
  const name = fileName(experiment.title, job.figures.length === 1 ? nameOf(job.figures[0]!) : undefined);
  const savePlate = (kind: 'png' | 'svg') =>
    act(async () => {
      const { plateOf, platePng, plateSvg } = await import('../canvas/plate.ts');
      const plate = plateOf(experiment.title, job.figures);
      save(await (kind === 'png' ? platePng(plate) : plateSvg(plate)), `${name}.${kind}`);
    });
  const savePage = act(async () => {
    const { pageOf } = await import('../page.ts');
    save(await pageOf(experiment, job), `${fileName(experiment.title)}.html`);
  });
  return (
    <div className="buttons share">
      {job.state !== 'done' && (
        <button type="button" className="plain" onClick={onAgain}>
          <Icon name="again" />
          Try again
        </button>
      )}
      <Menu
        label="Share"
        icon="link"
        items={[
          { label: 'Copy link', icon: 'link', run: copyLink },
          ...(job.figures.length > 0
            ? ([
                { label: 'Save figure as PNG, 1920 wide', icon: 'photo', run: savePlate('png') },
                { label: 'Save figure as SVG', icon: 'photo', run: savePlate('svg') },
                { label: 'Save page', icon: 'down', run: savePage },
                { label: 'Keep all on my page', icon: 'page', run: () => keepFigures(job) },
              ] as const)
            : []),
        ]}
      />
    </div>
  );
}
