import type { FigureInfo } from '../../src/server/api-types.ts';
import { useCatalogue } from '../catalogue.ts';
import { draftOf, setDraft } from '../drafts.ts';
import { go, linkTo } from '../route.ts';
import { isList, kindOf } from '../schema.ts';

/** Puts a figure into the picture field of an experiment that has one. */
export function UseAsPicture({ figure }: { readonly figure: FigureInfo }) {
  const { experiments } = useCatalogue();
  const able = experiments.filter(({ schema }) =>
    Object.values(schema.properties).some((field) => kindOf(field) === 'picture'),
  );
  const use = (id: string) => {
    const experiment = able.find((one) => one.id === id);
    if (!experiment) return;
    const [name, field] = Object.entries(experiment.schema.properties).find(
      ([, one]) => kindOf(one) === 'picture',
    )!;
    const reference = `object:${figure.object}`;
    setDraft(id, { ...draftOf(experiment), [name]: isList(field) ? [reference] : reference });
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
