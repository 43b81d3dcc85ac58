import { setBranch } from '../branch.ts';
import { experimentNamed, useCatalogue } from '../catalogue.ts';
import { Dialog } from '../dialog.tsx';
import { draftOf, setDraft } from '../drafts.ts';
import { complain } from '../notices.ts';
import { offer } from '../offer.ts';
import { go, linkTo } from '../route.ts';
import { completed, differences, labelOf, shown } from '../schema.ts';
import { settled } from '../shared.ts';
import { useStore } from '../store.ts';

/** A recipe from outside, as what it would change in the form. Taking it fills the form; running stays a press of a button. */
export function OfferDialog() {
  const now = useStore(offer);
  const { models } = useCatalogue();
  if (!now) return null;
  const { recipe, from, problems } = now;
  const close = () => offer.set(undefined);
  const experiment = experimentNamed(recipe.experiment);
  if (!experiment) {
    return (
      <Dialog title="A recipe for something else" onClose={close}>
        <p>
          {`${from} holds a recipe for the experiment “${recipe.experiment}”, which this server does not have.`}
        </p>
      </Dialog>
    );
  }
  const changes = differences(experiment, draftOf(experiment), recipe.params);
  const foreign =
    recipe.checkpoint !== undefined &&
    !models.some(({ fingerprint }) => recipe.checkpoint?.includes(fingerprint));
  const take = async () => {
    const { params, from: forks } = await settled(recipe);
    setDraft(experiment.id, completed(experiment, params));
    setBranch(experiment.id, forks);
    close();
    go(linkTo.experiment(experiment.id));
  };
  return (
    <Dialog
      title={`${experiment.title}: a recipe from ${from}`}
      onClose={close}
      actions={
        <>
          <button type="button" onClick={close}>
            Leave the form as it is
          </button>
          <button type="button" className="primary" onClick={() => void take().catch(complain)}>
            {changes.length === 0 ? 'Open the form' : 'Take these values'}
          </button>
        </>
      }
    >
      {changes.length === 0 ? (
        <p>It is what stands in the form already.</p>
      ) : (
        <table className="differences">
          <thead>
            <tr>
              <th scope="col">Parameter</th>
              <th scope="col">In the form</th>
              <th scope="col">In the recipe</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ name, now: before, other }) => (
              <tr key={name}>
                <th scope="row">{labelOf(name, experiment.schema.properties[name]!)}</th>
                <td>
                  <del>{shown(before)}</del>
                </td>
                <td>
                  <ins>{shown(other)}</ins>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {recipe.from && (
        <p>It is a branch: it goes on from a step of another run, which is part of the recipe.</p>
      )}
      {problems.map(({ path, message }) => (
        <p className="bad" key={path}>
          {path}: {message}
        </p>
      ))}
      {foreign && problems.length === 0 && (
        <p className="hint">
          It was made with another checkpoint: the same values will give another picture here.
        </p>
      )}
      <p className="hint">Nothing runs until you press Run.</p>
    </Dialog>
  );
}
