import { viewNamed } from '../../src/diffusion/named-view.ts';
import { Icon } from '../icons.tsx';
import { kindOf, newItem } from '../schema.ts';
import { CourseInput, GrowingText, NumberInput } from './basic.tsx';
import type { ControlProps } from './control.ts';
import { Partners } from './partners.tsx';
import { Suggestions } from './suggestions.tsx';
import { viewsOfSides } from './views.ts';

/** A list's items can be changed, removed down to the fewest, and added up to the most. */
export function editable<T>({ field, value, onChange }: Pick<ControlProps, 'field' | 'value' | 'onChange'>) {
  const list = (Array.isArray(value) ? value : []) as readonly T[];
  return {
    list,
    change: (i: number, item: T) => onChange(list.with(i, item)),
    remove: list.length > (field.minItems ?? 0) ? (i: number) => onChange(list.toSpliced(i, 1)) : undefined,
    add:
      list.length < (field.maxItems ?? 100)
        ? (item = newItem(field, list) as T) => onChange([...list, item])
        : undefined,
  };
}

export function RemoveItem({ what, onClick }: { readonly what: string; readonly onClick: () => void }) {
  return (
    <button type="button" className="plain remove" aria-label={`Remove ${what}`} onClick={onClick}>
      <Icon name="cross" />
    </button>
  );
}

export function AddItem({ what, onClick }: { readonly what: string; readonly onClick: () => void }) {
  return (
    <button type="button" className="add" aria-label={`Add to ${what}`} onClick={onClick}>
      <Icon name="plus" />
      Add
    </button>
  );
}

interface ItemProps<T> {
  readonly label: string;
  readonly field: ControlProps['field'];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** A list whose items stand in a line. */
const chips = <T extends number | string>(Item: React.ComponentType<ItemProps<T>>) =>
  function Chips(props: ControlProps) {
    const { label, field } = props;
    const { list, change, remove, add } = editable<T>(props);
    return (
      <ul className="chips">
        {list.map((item, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place in the list
          <li key={i}>
            <Item
              label={`${label} ${i + 1}`}
              field={field.items ?? {}}
              value={item}
              onChange={(value) => change(i, value)}
            />
            {remove && <RemoveItem what={`${label} ${item}`} onClick={() => remove(i)} />}
          </li>
        ))}
        {add && (
          <li>
            <AddItem what={label} onClick={() => add()} />
          </li>
        )}
      </ul>
    );
  };

export const NumberList = chips(NumberInput);
export const CourseList = chips(CourseInput);

/** Which way up a side is: the letter as it stands, or turned. */
function Upright({ view }: { readonly view: string }) {
  const { css } = viewNamed(view);
  return (
    <b className="upright" aria-hidden="true" style={css ? { transform: css } : undefined}>
      F
    </b>
  );
}

export function PromptList(props: ControlProps) {
  const { label, field } = props;
  const { list, change, remove, add } = editable<string>(props);
  // One picture, several sides.
  const views = field.together ? viewsOfSides(props.form, list.length) : undefined;
  return (
    <>
      <ul className="rows">
        {list.map((item, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place in the list
          <li key={i}>
            {views && <Upright view={views[i]!} />}
            <GrowingText
              label={`${label} ${i + 1}`}
              value={String(item)}
              onChange={(value) => change(i, value)}
              maxLength={field.items?.maxLength}
            />
            {remove && <RemoveItem what={`${label} ${i + 1}`} onClick={() => remove(i)} />}
          </li>
        ))}
        {add && (
          <li>
            <AddItem what={label} onClick={() => add('')} />
          </li>
        )}
      </ul>
      {kindOf(field) === 'prompt' && (
        <Suggestions
          label={label}
          prompts={list.map(String)}
          // Into the place that is empty, or else the last.
          onChoose={(prompt) => change(list.includes('') ? list.indexOf('') : list.length - 1, prompt)}
        />
      )}
      {views && list.length > 1 && (
        <Partners
          label={label}
          prompts={list.map(String)}
          onChoose={(sides) => props.onChange([...sides, ...list.slice(sides.length)])}
        />
      )}
    </>
  );
}
