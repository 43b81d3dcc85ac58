import { useId } from 'react';

interface SliderProps {
  readonly label: string;
  /** Keys that do the same. */
  readonly keys?: string;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly value: number;
  readonly unit?: string;
  readonly onChange: (value: number) => void;
}

export function Slider({ label, keys, min, max, step = 1, value, unit, onChange }: SliderProps) {
  const id = useId();
  return (
    <div className="slider">
      <label htmlFor={id}>
        {label} {keys && <kbd>{keys}</kbd>}
      </label>
      <output>
        {step < 1 ? value.toFixed(2) : value}
        {unit && ` ${unit}`}
      </output>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        style={{ '--part': `${(100 * (value - min)) / (max - min)}%` } as React.CSSProperties}
        onChange={(event) => onChange(Number(event.target.value))}
      />
    </div>
  );
}
