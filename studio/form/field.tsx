import { useId } from 'react';
import type { ParamSchema } from '../../src/server/api-types.ts';
import { Icon } from '../icons.tsx';
import { isList, isNumber, kindOf, labelOf } from '../schema.ts';
import { Choice, NumberField, PromptField, Seed, Switch, TextField } from './basic.tsx';
import type { ControlProps } from './control.ts';
import { Levels } from './levels.tsx';
import { CourseList, NumberList, PromptList } from './lists.tsx';
import { PictureField } from './pictures.tsx';
import { ViewField } from './view-field.tsx';
import { asksForView } from './views.ts';

type Control = (props: ControlProps) => React.ReactNode;

/** The first row that fits a field draws it. */
const controls: readonly (readonly [fits: (field: ParamSchema) => boolean, control: Control])[] = [
  [(field) => kindOf(field) === 'picture' || kindOf(field) === 'mask', PictureField],
  [asksForView, ViewField],
  [(field) => kindOf(field) === 'iStart' || kindOf(field) === 'timestep', Levels],
  [(field) => isList(field) && isNumber(field.items ?? {}), NumberList],
  [(field) => isList(field) && kindOf(field) === 'course', CourseList],
  [isList, PromptList],
  [(field) => kindOf(field) === 'prompt', PromptField],
  [(field) => kindOf(field) === 'seed', Seed],
  [(field) => field.enum !== undefined, Choice],
  [(field) => field.type === 'boolean', Switch],
  [isNumber, NumberField],
  [() => true, TextField],
];

export interface FieldProps extends Omit<ControlProps, 'id' | 'label' | 'describedBy' | 'invalid'> {
  readonly name: string;
  readonly error: string | undefined;
  /** Tries several values of this field; absent where none can stand beside each other. */
  readonly onSweep: (() => void) | undefined;
}

export function Field({ name, error, onSweep, ...rest }: FieldProps) {
  const id = useId();
  const label = labelOf(name, rest.field);
  const Control = controls.find(([fits]) => fits(rest.field))![1];
  // Several inputs under one name are a group with a legend, one input has a label.
  const grouped =
    isList(rest.field) ||
    rest.field.enum !== undefined ||
    kindOf(rest.field) === 'picture' ||
    kindOf(rest.field) === 'mask';
  return (
    <div
      className={error ? 'field invalid' : 'field'}
      data-field={name}
      {...(grouped
        ? { role: 'group', 'aria-labelledby': `${id}-label`, 'aria-describedby': `${id}-hint` }
        : {})}
    >
      <div className="field-head">
        {grouped ? (
          <span className="label" id={`${id}-label`}>
            {label}
          </span>
        ) : (
          <label className="label" htmlFor={id} id={`${id}-label`}>
            {label}
          </label>
        )}
        {onSweep && (
          <button
            type="button"
            className="plain sweep"
            aria-label={`Try several values of ${label}`}
            title="Try several values"
            onClick={onSweep}
          >
            <Icon name="sweep" />
          </button>
        )}
      </div>
      <Control id={id} label={label} describedBy={`${id}-hint`} invalid={error !== undefined} {...rest} />
      <p className="hint" id={`${id}-hint`}>
        {error && <strong>{error}. </strong>}
        {rest.field.description}
      </p>
    </div>
  );
}
