import { useEffect, useRef, useState } from 'react';
import { type Course, readCourse } from '../../src/experiments/course.ts';
import { Icon } from '../icons.tsx';
import { notify } from '../notices.ts';
import { clamped } from '../schema.ts';
import type { ControlProps } from './control.ts';
import { Suggestions } from './suggestions.tsx';

interface NumberInputProps {
  readonly id?: string;
  readonly label?: string;
  readonly describedBy?: string;
  readonly field: ControlProps['field'];
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly onFocus?: () => void;
}

/** Lets half-typed numbers stand while the field has the focus; only whole ones are passed on. */
export function NumberInput({ id, label, describedBy, field, value, onChange, onFocus }: NumberInputProps) {
  const [typed, setTyped] = useState<string | undefined>(undefined);
  return (
    <input
      id={id}
      type="number"
      inputMode={field.type === 'integer' ? 'numeric' : 'decimal'}
      aria-label={label}
      aria-describedby={describedBy}
      min={field.minimum}
      max={field.maximum}
      step={field.type === 'integer' ? 1 : 'any'}
      value={typed ?? String(value)}
      onChange={(event) => {
        setTyped(event.target.value);
        const number = Number(event.target.value);
        if (event.target.value !== '' && Number.isFinite(number)) onChange(number);
      }}
      onFocus={onFocus}
      onBlur={() => {
        setTyped(undefined);
        if (typed === '') notify(`Without a number it stays ${value}.`);
        const inside = clamped(field, value);
        if (inside === value) return;
        onChange(inside);
        notify(`${value} is not within ${field.minimum} to ${field.maximum}: it is ${inside} now.`);
      }}
    />
  );
}

interface CourseInputProps {
  readonly label: string;
  readonly value: Course | string;
  readonly onChange: (value: Course | string) => void;
}

/** A number, or where it begins and ends, as 9..5: what cannot be read yet stands while it is typed, and is not passed on. */
export function CourseInput({ label, value, onChange }: CourseInputProps) {
  const [typed, setTyped] = useState<string | undefined>(undefined);
  return (
    <input
      type="text"
      className="course"
      inputMode="decimal"
      aria-label={label}
      value={typed ?? String(value)}
      onChange={(event) => {
        setTyped(event.target.value);
        const course = readCourse(event.target.value);
        if (course !== undefined) onChange(course);
      }}
      onBlur={() => {
        setTyped(undefined);
        if (typed === undefined || readCourse(typed) !== undefined) return;
        notify(`“${typed}” is no number, nor two as in 9..5: it stays ${value}.`);
      }}
    />
  );
}

export function NumberField({ id, label, field, value, onChange, describedBy }: ControlProps) {
  const { minimum, maximum } = field;
  const ranged = minimum !== undefined && maximum !== undefined && maximum - minimum <= 1000;
  return (
    <div className="number">
      {ranged && (
        <input
          type="range"
          aria-label={`${label}, slider`}
          tabIndex={-1}
          min={minimum}
          max={maximum}
          step={field.type === 'integer' ? 1 : 0.1}
          value={Number(value)}
          style={
            { '--part': `${(100 * (Number(value) - minimum)) / (maximum - minimum)}%` } as React.CSSProperties
          }
          onChange={(event) => onChange(Number(event.target.value))}
        />
      )}
      <NumberInput
        id={id}
        field={field}
        value={Number(value)}
        onChange={onChange}
        describedBy={describedBy}
      />
    </div>
  );
}

export function Seed({ id, field, value, onChange, describedBy }: ControlProps) {
  return (
    <div className="seed">
      <NumberInput
        id={id}
        field={field}
        value={Number(value)}
        onChange={onChange}
        describedBy={describedBy}
      />
      <button
        type="button"
        onClick={() => onChange(crypto.getRandomValues(new Uint32Array(1))[0]! % 100_000)}
      >
        <Icon name="dice" />
        Another
      </button>
    </div>
  );
}

/** A text that is as high as what it holds. */
export function GrowingText({
  id,
  label,
  value,
  onChange,
  describedBy,
  maxLength,
}: {
  id?: string;
  label?: string;
  value: string;
  onChange: (value: string) => void;
  describedBy?: string;
  maxLength?: number | undefined;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const element = area.current!;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [value]);
  return (
    <textarea
      ref={area}
      id={id}
      rows={1}
      aria-label={label}
      aria-describedby={describedBy}
      maxLength={maxLength}
      value={value}
      onChange={(event) => onChange(event.target.value.replaceAll('\n', ' '))}
    />
  );
}

export function PromptField({ id, label, field, value, onChange, describedBy }: ControlProps) {
  return (
    <>
      <GrowingText
        id={id}
        value={String(value)}
        onChange={onChange}
        describedBy={describedBy}
        maxLength={field.maxLength}
      />
      <Suggestions label={label} prompts={[String(value)]} onChoose={onChange} />
    </>
  );
}

export function TextField({ id, field, value, onChange, describedBy, invalid }: ControlProps) {
  return (
    <input
      id={id}
      type="text"
      value={String(value ?? '')}
      maxLength={field.maxLength}
      aria-invalid={invalid}
      aria-describedby={describedBy}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

const MOST_SEGMENTS = 3;

export function Choice({ id, label, field, value, onChange, describedBy }: ControlProps) {
  const options = field.enum ?? [];
  if (options.length > MOST_SEGMENTS) {
    return (
      <select
        aria-label={label}
        aria-describedby={describedBy}
        value={String(value)}
        onChange={(event) => onChange(options.find((option) => String(option) === event.target.value))}
      >
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    );
  }
  return (
    <div className="segments">
      {options.map((option) => (
        <label key={option}>
          <input type="radio" name={id} checked={option === value} onChange={() => onChange(option)} />
          <span>{option}</span>
        </label>
      ))}
    </div>
  );
}

export function Switch({ id, value, onChange, describedBy }: ControlProps) {
  return (
    <input
      id={id}
      className="switch"
      type="checkbox"
      role="switch"
      aria-checked={Boolean(value)}
      checked={Boolean(value)}
      aria-describedby={describedBy}
      onChange={(event) => onChange(event.target.checked)}
    />
  );
}
