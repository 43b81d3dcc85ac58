import { isViewName, viewNamed } from '../../src/diffusion/named-view.ts';
import { viewNames } from '../../src/diffusion/views.ts';
import { viewInWords } from '../../src/experiments/view-in-words.ts';
import { chooseFiles } from '../files.ts';
import { complain } from '../notices.ts';
import { isList } from '../schema.ts';
import type { ControlProps } from './control.ts';

const VIEW_TYPES = '.png,.json,image/png,application/json';

/** Views as a letter that is turned, and a file of one's own; those of a recipe that have no name of their own stand behind. */
export function ViewField({ id, label, field, value, onChange }: ControlProps) {
  const named = (field.enum ?? viewNames).map(String);
  const chosen = [value].flat().map(String);
  const names = [...named, ...chosen.filter((one) => !named.includes(one) && isViewName(one))];
  const several = isList(field);
  const choose = (name: string) => {
    if (!several) return onChange(name);
    const next = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name];
    onChange(next.length > 0 ? next : chosen);
  };
  const open = async () => {
    const [file] = await chooseFiles(VIEW_TYPES);
    if (!file) return;
    try {
      const { viewInFile } = await import('../../src/experiments/view-file.ts');
      choose(await viewInFile(new Uint8Array(await file.arrayBuffer()), file.name));
    } catch (error) {
      complain(error);
    }
  };
  return (
    <div className="views">
      {names.map((name) => {
        const { css, gesture } = viewNamed(name);
        return (
          <label key={name} title={gesture}>
            <input
              type={several ? 'checkbox' : 'radio'}
              name={id}
              aria-label={`${label}: ${viewInWords(name)}, ${gesture}`}
              checked={chosen.includes(name)}
              onChange={() => choose(name)}
            />
            <span>
              <b aria-hidden="true" style={css ? { transform: css } : undefined}>
                {symbols[name] ?? 'F'}
              </b>
              <small aria-hidden="true">{viewInWords(name).replaceAll('_', ' ')}</small>
            </span>
          </label>
        );
      })}
      <button type="button" title="A .png or .json file that says where each pixel goes" onClick={open}>
        From a file…
      </button>
    </div>
  );
}

/** Of views that no turn of a letter shows. */
const symbols: Readonly<Record<string, string>> = {
  negate: '◐',
  colour_cycle: '◍',
  inner_circle: '◎',
  half_shift: '⇄',
  patch_permute: '▦',
  pixel_permute: '▒',
  skew: '▱',
};
