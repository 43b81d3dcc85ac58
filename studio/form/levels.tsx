import { useState } from 'react';
import { levelSays } from '../bench/level.ts';
import { useCatalogue } from '../catalogue.ts';
import { numbers } from '../panels/handles.ts';
import { clamped, isList } from '../schema.ts';
import { NumberInput } from './basic.tsx';
import type { ControlProps } from './control.ts';
import { AddItem, RemoveItem } from './lists.tsx';

/**
 * Noise levels, one or several, moved by one slider in plain words. The level in hand is shown under its noise while it is
 * moved.
 */
export function Levels({ id, label, field, value, onChange, onMove, describedBy }: ControlProps) {
  const { models } = useCatalogue();
  const [chosen, setChosen] = useState(0);
  const list = numbers(value);
  const item = isList(field) ? (field.items ?? {}) : field;
  const { minimum = 0, maximum = (field.levels?.length ?? 1000) - 1 } = item;
  const at = Math.min(chosen, list.length - 1);
  const now = list[at]!;
  const tOf = (one: number) => field.levels?.[clamped(item, one)] ?? clamped(item, one);
  const alphaBar = models.find(({ stage }) => stage === 'base')?.alphaBar ?? [];
  const change = (next: readonly number[]) => onChange(isList(field) ? next : next[0]);
  const set = (i: number, next: number) => {
    change(list.with(i, next));
    onMove(tOf(next));
  };
  // More noise lies on the right, so a count of skipped steps runs backwards.
  const backwards = field.levels !== undefined;
  const shown = backwards ? maximum + minimum - now : now;
  const name = (i: number) => (isList(field) ? `${label} ${i + 1}` : label);
  return (
    <div className="levels">
      <input
        type="range"
        aria-label={`${backwards ? 'How much may change' : 'How much noise'}: ${name(at)}`}
        aria-describedby={describedBy}
        aria-valuetext={levelSays(tOf(now), alphaBar)}
        min={minimum}
        max={maximum}
        value={shown}
        style={{ '--part': `${(100 * (shown - minimum)) / (maximum - minimum)}%` } as React.CSSProperties}
        onChange={(event) =>
          set(at, backwards ? maximum + minimum - Number(event.target.value) : Number(event.target.value))
        }
      />
      <p className="ends" aria-hidden="true">
        <span>a little</span>
        <span>{backwards ? 'everything' : 'nothing but noise'}</span>
      </p>
      <ul className="chips">
        {list.map((one, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place in the list
          <li key={i} data-chosen={(list.length > 1 && i === at) || undefined}>
            <NumberInput
              {...(isList(field) ? {} : { id })}
              label={name(i)}
              field={item}
              value={one}
              onFocus={() => {
                setChosen(i);
                onMove(tOf(one));
              }}
              onChange={(next) => set(i, next)}
            />
            {isList(field) && list.length > (field.minItems ?? 0) && (
              <RemoveItem what={`${label} ${one}`} onClick={() => change(list.toSpliced(i, 1))} />
            )}
          </li>
        ))}
        {isList(field) && list.length < (field.maxItems ?? 100) && (
          <li>
            <AddItem what={label} onClick={() => change([...list, between(list, minimum, maximum)])} />
          </li>
        )}
      </ul>
      <p className="numbers">
        {levelSays(tOf(now), alphaBar)}
        {new Set(list).size < list.length && ' · one value stands there twice'}
      </p>
    </div>
  );
}

/** A level that is not there yet: in the middle of the widest gap. */
function between(list: readonly number[], minimum: number, maximum: number): number {
  const sorted = [minimum, ...list.toSorted((a, b) => a - b), maximum];
  const widest = sorted.slice(1).reduce((best, value, i) => {
    const gap = value - sorted[i]!;
    return gap > sorted[best + 1]! - sorted[best]! ? i : best;
  }, 0);
  return Math.round((sorted[widest]! + sorted[widest + 1]!) / 2);
}
