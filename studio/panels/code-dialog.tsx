import { useState } from 'react';
import type { ExperimentInfo } from '../../src/server/api-types.ts';
import { backend } from '../backend.ts';
import { setBranch, useBranch } from '../branch.ts';
import { codeOf, ownPictures } from '../code.ts';
import { Dialog } from '../dialog.tsx';
import { complain, notify } from '../notices.ts';
import { isRecipe } from '../recipe.ts';
import { completed, type Params } from '../schema.ts';

interface CodeDialogProps {
  readonly experiment: ExperimentInfo;
  readonly params: Params;
  readonly onChange: (params: Params) => void;
  readonly onClose: () => void;
}

/** What stands in the form as code, and the form as JSON that can be written in. */
export default function CodeDialog({ experiment, params, onChange, onClose }: CodeDialogProps) {
  const branch = useBranch(experiment);
  const codes = codeOf(experiment, params, backend.address, branch);
  const [language, setLanguage] = useState(codes[0]!.language);
  const [typed, setTyped] = useState<string>();
  const [wrong, setWrong] = useState<string>();
  const { text } = codes.find((one) => one.language === language)!;
  const isJson = language === 'JSON';
  const own = ownPictures(params);
  const edit = (json: string) => {
    setTyped(json);
    const problem = read(json, experiment, onChange);
    setWrong(problem);
  };
  const copy = async () => {
    await navigator.clipboard.writeText(typed ?? text);
    notify(`${language} is on the clipboard.`);
  };
  return (
    <Dialog
      title="These values as code"
      onClose={onClose}
      wide
      actions={
        <button type="button" className="primary" onClick={() => void copy().catch(complain)}>
          Copy
        </button>
      }
    >
      <div className="segments">
        {codes.map((one) => (
          <label key={one.language}>
            <input
              type="radio"
              name="language"
              checked={one.language === language}
              onChange={() => {
                setLanguage(one.language);
                setTyped(undefined);
                setWrong(undefined);
              }}
            />
            <span>{one.language}</span>
          </label>
        ))}
      </div>
      <textarea
        className="code"
        aria-label={`${language}${isJson ? ': changes go into the form' : ''}`}
        spellCheck={false}
        readOnly={!isJson}
        rows={Math.min(24, Math.max(5, text.split('\n').length + 1))}
        value={typed ?? text}
        onChange={(event) => edit(event.target.value)}
      />
      {wrong && (
        <p className="bad" role="alert">
          {wrong}
        </p>
      )}
      <p className="hint">
        {isJson
          ? 'What is changed here stands in the form at once. '
          : 'Values that are the defaults are left out. '}
        {own.length > 0 && 'Your own pictures are named as the files they came from: put them beside it.'}
      </p>
    </Dialog>
  );
}

/** Takes JSON into the form; says what is wrong with it otherwise. */
function read(
  json: string,
  experiment: ExperimentInfo,
  onChange: (params: Params) => void,
): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return 'This is no JSON yet.';
  }
  if (!isRecipe(value)) return 'Expected { "experiment": …, "params": { … } }.';
  if (value.experiment !== experiment.id)
    return `Expected the experiment “${experiment.id}”, found “${value.experiment}”.`;
  const unknown = Object.keys(value.params).filter((name) => !(name in experiment.schema.properties));
  if (unknown.length > 0)
    return `There is no parameter ${unknown.join(', ')}; there are ${Object.keys(experiment.schema.properties).join(', ')}.`;
  onChange(completed(experiment, value.params));
  setBranch(experiment.id, Array.isArray(value.from) ? value.from : undefined);
  return undefined;
}
