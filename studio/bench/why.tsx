import type { ExperimentInfo, ModelDescription } from '../../src/server/api-types.ts';
import { ownPictures } from '../code.ts';
import { Formula } from '../panels/formula.tsx';
import type { Params } from '../schema.ts';
import { levelSays } from './level.ts';
import { withNumbers } from './numbers.ts';

interface WhyProps {
  readonly experiment: ExperimentInfo;
  readonly params: Params;
  readonly model: ModelDescription | undefined;
  /** The level on show, and where its step leads. */
  readonly t: number | undefined;
  readonly tNext: number | undefined;
}

/** What the section says, and its formula with the numbers of what is on show. */
export function Why({ experiment, params, model, t, tNext }: WhyProps) {
  const { text, formula = [], remark } = experiment;
  const numbered = model && withNumbers(formula, { t, tNext, alphaBar: model.alphaBar, params });
  return (
    <details className="why">
      <summary>Why?</summary>
      <div className="why-body">
        {text.split(/\n\s*\n/).map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        {formula.length > 0 && <Formula lines={formula} />}
        {numbered && numbered.length > 0 && (
          <div className="with-numbers">
            <p className="hint">
              With your numbers{t !== undefined && model ? `, at ${levelSays(t, model.alphaBar)}` : ''}:
            </p>
            <Formula lines={numbered} />
          </div>
        )}
        {/* It speaks of the document's own pictures. */}
        {remark && ownPictures(params).length === 0 && <p className="remark">{remark}</p>}
      </div>
    </details>
  );
}
