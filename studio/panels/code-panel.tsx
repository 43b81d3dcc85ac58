import { useLayoutEffect, useRef, useState } from 'react';
import type { ExperimentInfo } from '../../src/server/api-types.ts';
import { backend } from '../backend.ts';
import { setBranch, useBranch } from '../branch.ts';
import { type Code, codeOf, linesOf, ownPictures } from '../code.ts';
import { Icon } from '../icons.tsx';
import { complain, notify } from '../notices.ts';
import { pointed } from '../pointed.ts';
import { isRecipe } from '../recipe.ts';
import { completed, labelOf, type Params } from '../schema.ts';
import { useStore } from '../store.ts';

interface CodePanelProps {
  readonly experiment: ExperimentInfo;
  readonly params: Params;
  readonly onChange: (params: Params) => void;
  readonly onClose: () => void;
}

/**
 * What stands in the form as code, and the form as JSON that can be written in: below the stage, so that the hand on a control
 * shows which line it stands for.
 */
export default function CodePanel({ experiment, params, onChange, onClose }: CodePanelProps) {
  const panel = useRef<HTMLElement>(null);
  // The focus goes along when it was opened by hand, not when another run brings it back.
  useLayoutEffect(() => {
    const element = panel.current!;
    const before = document.activeElement;
    if (before === document.body || before?.matches('.tools-row *')) element.querySelector('input')?.focus();
    return () => {
      const inside = element.contains(document.activeElement);
      if (inside && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const branch = useBranch(experiment);
  const codes = codeOf(experiment, params, backend.address, branch);
  const [language, setLanguage] = useState(codes[0]!.language);
  const [typed, setTyped] = useState<string>();
  const [wrong, setWrong] = useState<string>();
  const code = codes.find((one) => one.language === language)!;
  const { text } = code;
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
    <section
      ref={panel}
      className="code-panel"
      aria-label="These values as code"
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <header>
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
        <button type="button" className="plain" onClick={() => void copy().catch(complain)}>
          Copy
        </button>
        <button type="button" className="plain" aria-label="Close the code" onClick={onClose}>
          <Icon name="cross" />
        </button>
      </header>
      <Lit code={typed === undefined ? code : { ...code, text: typed }} experiment={experiment}>
        {(lit) => (
          <textarea
            className="code"
            style={lit}
            data-lit={lit ? true : undefined}
            aria-label={`${language}${isJson ? ': changes go into the form' : ''}`}
            spellCheck={false}
            readOnly={!isJson}
            rows={Math.min(8, Math.max(4, text.split('\n').length))}
            value={typed ?? text}
            onChange={(event) => edit(event.target.value)}
          />
        )}
      </Lit>
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
    </section>
  );
}

interface LitProps {
  readonly code: Code;
  readonly experiment: ExperimentInfo;
  readonly children: (style: React.CSSProperties | undefined) => React.ReactNode;
}

/** Which lines stand for the control under the hand. */
function Lit({ code, experiment, children }: LitProps) {
  const name = useStore(pointed);
  const field = name === undefined ? undefined : experiment.schema.properties[name];
  const lines = field && linesOf(code, name!, field);
  return (
    <>
      {children(lines && ({ '--lit': lines.from, '--lines': lines.count } as React.CSSProperties))}
      {field && !lines && (
        <p className="hint">{labelOf(name!, field)} has its default: no line of its own.</p>
      )}
    </>
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
