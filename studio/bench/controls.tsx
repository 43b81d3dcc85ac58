import { useState } from 'react';
import type { Fork } from '../../src/experiments/branch.ts';
import { uselessBy } from '../../src/experiments/field.ts';
import type { ExperimentInfo, ParamSchema } from '../../src/server/api-types.ts';
import { Field } from '../form/field.tsx';
import { bringsPicture, gently } from '../gently.ts';
import { axisFields, sweepOf } from '../grid.ts';
import { Icon } from '../icons.tsx';
import { pointAt, pointed } from '../pointed.ts';
import { go, linkTo } from '../route.ts';
import { type Params, withoutDefaults } from '../schema.ts';
import { changed } from '../together.ts';

interface ControlsProps {
  readonly experiment: ExperimentInfo;
  readonly params: Params;
  readonly errors: ReadonlyMap<string, string>;
  readonly sending: boolean;
  /** The run goes on from a step of another. */
  readonly branch: readonly Fork[] | undefined;
  readonly onLeaveBranch: () => void;
  readonly onChange: (params: Params) => void;
  /** A noise level is being moved, or was let go. */
  readonly onMove: (t: number | undefined) => void;
  readonly onReset: () => void;
  readonly onSubmit: () => void;
}

const saysBranch = (branch: readonly Fork[]): string => {
  const { step, walk } = branch.at(-1)!;
  const stage = walk === 0 ? '' : ` of walk ${walk + 1}`;
  return `A branch: ${step === 1 ? 'one step' : `${step} steps`}${stage} as before, then with these values.`;
};

/** The values, in the schema's order, those for experts folded. On a narrow screen a sheet at the bottom, with Run under the thumb. */
export function Controls({
  experiment,
  params,
  errors,
  sending,
  branch,
  onLeaveBranch,
  onChange,
  onMove,
  onReset,
  onSubmit,
}: ControlsProps) {
  const [open, setOpen] = useState(false);
  const { properties } = experiment.schema;
  const untouched = Object.keys(withoutDefaults(experiment, params)).length === 0;
  const all = Object.entries(properties).filter(
    ([name]) => errors.has(name) || !uselessBy(properties, name, params),
  );
  const expert = all.filter(([, field]) => field.expert);
  const unfolded = expert.some(([name]) => errors.has(name)) || undefined;
  const sweepable = new Set(axisFields(experiment).map(([name]) => name));
  const sweep = (name: string) => {
    sweepOf.set({ experiment: experiment.id, name });
    go(linkTo.grid());
  };
  const fieldOf = ([name, field]: readonly [string, ParamSchema]) => (
    <Field
      key={name}
      name={name}
      field={field}
      value={params[name]}
      error={errors.get(name)}
      form={{ properties, params }}
      onSweep={sweepable.has(name) ? () => sweep(name) : undefined}
      onMove={onMove}
      onChange={(value) => {
        const next = changed(experiment, params, name, value);
        onChange(bringsPicture(field, params[name], value) ? gently(experiment, next) : next);
      }}
    />
  );
  return (
    <form
      className={open ? 'form controls open' : 'form controls'}
      aria-label={experiment.title}
      noValidate
      onPointerOver={pointAt}
      onPointerLeave={() => pointed.set(undefined)}
      onFocus={pointAt}
      onSubmit={(event) => {
        event.preventDefault();
        setOpen(false);
        // The button keeps the focus while it is busy, so it is not disabled but deaf.
        if (!sending) onSubmit();
      }}
    >
      <div className="fields">
        {branch && (
          <p className="branch-note" role="status">
            <Icon name="branch" />
            <span>{saysBranch(branch)}</span>
            <button type="button" className="link" onClick={onLeaveBranch}>
              Begin anew instead
            </button>
          </p>
        )}
        {all.filter(([, field]) => !field.expert).map(fieldOf)}
        {expert.length > 0 && (
          <details className="more" open={unfolded}>
            <summary>More</summary>
            <div className="fields-more">{expert.map(fieldOf)}</div>
          </details>
        )}
      </div>
      <div className="submit">
        <button
          type="button"
          className="sheet-handle"
          aria-expanded={open}
          aria-label={open ? 'Hide the values' : 'Show the values'}
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'chevronDown' : 'chevronUp'} />
          Values
        </button>
        <button type="submit" className="primary" aria-disabled={sending} aria-keyshortcuts="Control+Enter">
          Run
        </button>
        <button type="button" className="plain reset" disabled={untouched} onClick={onReset}>
          Back to defaults
        </button>
      </div>
    </form>
  );
}
