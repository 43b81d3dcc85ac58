import { clamped } from '../schema.ts';
import type { Handle } from './handles.ts';

interface ScheduleHandleProps {
  readonly handle: Handle;
  readonly x: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly tAt: (clientX: number) => number;
}

/** About half of the words' width. */
const HALF_LABEL = 64;

/** Moved by pointer or by arrow keys; a larger value of i_start is less noise, so it goes to the right, and t to the left. */
export function ScheduleHandle({ handle, x, left, right, top, bottom, tAt }: ScheduleHandleProps) {
  const { label, value, minimum, maximum, text, nearest } = handle;
  const set = (next: number) => {
    const inside = clamped({ minimum, maximum, type: 'integer' }, next);
    if (inside !== value) handle.set(inside);
  };
  // Beside an edge the words turn inwards.
  const anchor = x < left + HALF_LABEL ? 'start' : x > right - HALF_LABEL ? 'end' : 'middle';
  const towardsPicture = nearest(0) === maximum ? 1 : -1;
  const leap = Math.max(1, Math.round((maximum - minimum) / 20));
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: towardsPicture,
    ArrowLeft: -towardsPicture,
    ArrowUp: 1,
    ArrowDown: -1,
    PageUp: leap,
    PageDown: -leap,
    Home: minimum - value,
    End: maximum - value,
  };
  return (
    <g
      className="handle"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={minimum}
      aria-valuemax={maximum}
      aria-valuenow={value}
      aria-valuetext={text}
      onKeyDown={(event) => {
        const move = moves[event.key];
        if (move === undefined) return;
        event.preventDefault();
        set(value + move);
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.focus();
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) set(nearest(tAt(event.clientX)));
      }}
    >
      <rect className="grasp" x={x - 11} y={top} width={22} height={bottom - top + 24} />
      <line x1={x} x2={x} y1={top} y2={bottom} />
      <path d={`M${x} ${bottom - 1}l6 9v8h-12v-8z`} />
      <text x={x} y={top - 6} textAnchor={anchor}>
        {text}
      </text>
    </g>
  );
}
