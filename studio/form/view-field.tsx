import { viewNamed } from '../../src/diffusion/named-view.ts';
import { viewNames } from '../../src/diffusion/views.ts';
import { isList } from '../schema.ts';
import type { ControlProps } from './control.ts';

/** Views as a letter that is turned. */
export function ViewField({ id, label, field, value, onChange }: ControlProps) {
  const names = (field.enum ?? viewNames).map(String);
  const chosen = [value].flat().map(String);
  const several = isList(field);
  const choose = (name: string) => {
    if (!several) return onChange(name);
    const next = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name];
    onChange(next.length > 0 ? next : chosen);
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
              aria-label={`${label}: ${name}, ${gesture}`}
              checked={chosen.includes(name)}
              onChange={() => choose(name)}
            />
            <span>
              <b aria-hidden="true" style={css ? { transform: css } : undefined}>
                {symbols[name] ?? 'F'}
              </b>
              <small aria-hidden="true">{name.replaceAll('_', ' ')}</small>
            </span>
          </label>
        );
      })}
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
