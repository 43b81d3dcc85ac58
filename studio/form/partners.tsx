import { isViewName, viewNamed } from '../../src/diffusion/named-view.ts';
import { useCatalogue } from '../catalogue.ts';
import { sayAlike } from '../subjects.ts';

interface PartnersProps {
  readonly label: string;
  /** What stands in the list. */
  readonly prompts: readonly string[];
  readonly onChoose: (sides: readonly string[]) => void;
}

/** Pairs that went well in one picture before: those with a word that stands in the list, or all where there is none. */
export function Partners({ label, prompts, onChoose }: PartnersProps) {
  const { models } = useCatalogue();
  const known = models.find(({ stage }) => stage === 'base')?.together ?? [];
  if (known.length === 0) return null;
  const fitting = known.filter(({ sides }) =>
    sides.some((side) => prompts.some((prompt) => sayAlike(prompt, side))),
  );
  const shown = fitting.length > 0 ? fitting : known;
  return (
    <div className="suggestions">
      <select
        aria-label={`Pairs that went well, for ${label}`}
        value=""
        onChange={(event) => onChoose(shown[Number(event.target.value)]!.sides)}
      >
        <option value="">went well together…</option>
        {shown.map(({ sides, view }, i) => (
          <option key={`${sides.join()} ${view}`} value={i}>
            {sides.join(' / ')}
            {isViewName(view) ? `, ${viewNamed(view).gesture}` : ''}
          </option>
        ))}
      </select>
    </div>
  );
}
