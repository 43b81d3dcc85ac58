import type { ExperimentInfo } from '../../src/server/api-types.ts';
import { Field } from '../form/field.tsx';
import { type Params, withoutDefaults } from '../schema.ts';

interface ExperimentFormProps {
  readonly experiment: ExperimentInfo;
  readonly params: Params;
  readonly errors: ReadonlyMap<string, string>;
  readonly sending: boolean;
  readonly onChange: (params: Params) => void;
  readonly onReset: () => void;
  readonly onSubmit: () => void;
}

/** One field for each property of the schema, in its order. */
export function ExperimentForm({
  experiment,
  params,
  errors,
  sending,
  onChange,
  onReset,
  onSubmit,
}: ExperimentFormProps) {
  const { properties } = experiment.schema;
  const changed = Object.keys(withoutDefaults(experiment, params)).length;
  return (
    <form
      className="form"
      aria-label={experiment.title}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {Object.entries(properties).map(([name, field]) => (
        <Field
          key={name}
          name={name}
          field={field}
          value={params[name]}
          error={errors.get(name)}
          form={{ properties, params }}
          onChange={(value) => onChange({ ...params, [name]: value })}
        />
      ))}
      <div className="submit">
        <button type="submit" className="primary" disabled={sending}>
          Run
        </button>
        <button type="button" disabled={changed === 0} onClick={onReset}>
          Back to defaults
        </button>
      </div>
    </form>
  );
}
