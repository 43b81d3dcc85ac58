import type { FigureInfo } from '../../src/server/api-types.ts';
import { useCatalogue } from '../catalogue.ts';
import { putPicture } from '../drafts.ts';
import { nameOf } from '../figure-table.ts';
import { takesPicture } from '../flows.ts';
import { rememberName } from '../names.ts';
import { go, linkTo } from '../route.ts';

/** Puts a figure into the picture field of an experiment that has one. */
export function UseAsPicture({ figure }: { readonly figure: FigureInfo }) {
  const { experiments } = useCatalogue();
  const able = experiments.filter(takesPicture);
  const use = (id: string) => {
    const experiment = able.find((one) => one.id === id);
    if (!experiment) return;
    const reference = `object:${figure.object}`;
    rememberName(reference, nameOf(figure) || figure.caption || 'result');
    putPicture(experiment, reference);
    go(linkTo.experiment(id));
  };
  return (
    <label>
      Use as picture in
      <select value="" onChange={(event) => use(event.target.value)}>
        <option value="">…</option>
        {able.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
