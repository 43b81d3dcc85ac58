import { useCatalogue } from '../catalogue.ts';
import { isKnown } from '../subjects.ts';

interface SuggestionsProps {
  readonly label: string;
  /** What stands in the field. */
  readonly prompts: readonly string[];
  readonly onChoose: (prompt: string) => void;
}

/** What the checkpoint says it knows, to choose from; and a word, before anything runs, about what it does not know. */
export function Suggestions({ label, prompts, onChoose }: SuggestionsProps) {
  const { models } = useCatalogue();
  const subjects = models.find(({ stage }) => stage === 'base')?.subjects ?? [];
  if (subjects.length === 0) return null;
  const unknown = prompts.filter((prompt) => !isKnown(prompt, subjects));
  const kinds = [...new Set(subjects.map(({ kind }) => kind))];
  return (
    <div className="suggestions">
      {unknown.length > 0 && (
        <p className="unknown" role="status">
          {`This checkpoint does not say that it learned ${unknown.map((prompt) => `“${prompt}”`).join(', ')}: expect something it knows instead.`}
        </p>
      )}
      <select
        aria-label={`Known subjects for ${label}`}
        value=""
        onChange={(event) => onChoose(event.target.value)}
      >
        <option value="">what it knows…</option>
        {kinds.map((kind) => (
          <optgroup key={kind} label={kind}>
            {subjects
              .filter((subject) => subject.kind === kind)
              .map(({ name, prompt }) => (
                <option key={name} value={prompt}>
                  {prompt}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </div>
  );
}
