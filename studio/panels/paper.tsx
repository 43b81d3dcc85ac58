import { useEffect, useRef } from 'react';
import { placeOf, steer } from '../canvas/hand.ts';
import type { Sketch } from '../canvas/sketch.ts';
import { drawStrokes, PAPER, type Pressed } from '../canvas/strokes.ts';
import { useStore } from '../store.ts';

const STEP = 8;
const LEAP = 32;

/** What is drawn on, by pointer and by keys. */
export function Paper({ sketch }: { readonly sketch: Sketch }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const version = useStore(sketch.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what the sketch holds
  useEffect(() => drawStrokes(canvas.current!.getContext('2d')!, sketch), [sketch, version]);

  const at = (event: PointerEvent | React.PointerEvent): Pressed => {
    const { x, y } = placeOf(event, canvas.current!, PAPER);
    return [x, y, event.pressure || 0.5];
  };
  const { hand, current } = sketch;
  return (
    <div
      className="paper"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys
      tabIndex={0}
      aria-label="Paper. Arrow keys move the pen, Space puts it down and lifts it, Control Z undoes."
      onKeyDown={(event) => {
        if (steer(event, sketch, STEP, LEAP) || event.key !== ' ') return;
        event.preventDefault();
        sketch.key();
      }}
    >
      <canvas
        ref={canvas}
        width={PAPER}
        height={PAPER}
        data-testid="paper"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          sketch.press(at(event), event.pointerType !== 'pen');
        }}
        onPointerMove={(event) =>
          sketch.extend((event.nativeEvent.getCoalescedEvents?.() ?? [event.nativeEvent]).map(at))
        }
        onPointerUp={() => sketch.lift()}
        onPointerCancel={() => sketch.lift()}
      />
      <span
        className="pen"
        style={{
          insetInlineStart: `${(100 * hand.x) / PAPER}%`,
          insetBlockStart: `${(100 * hand.y) / PAPER}%`,
        }}
      />
      <p
        className="visually-hidden"
        aria-live="polite"
      >{`pen at ${Math.round(hand.x)}, ${Math.round(hand.y)}${current ? ', down' : ''}`}</p>
    </div>
  );
}
