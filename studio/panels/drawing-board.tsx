import { useEffect, useRef, useState } from 'react';
import { toBlob } from '../canvas/canvas.ts';
import { drawStrokes, PAPER, type Pressed, type Stroke } from '../canvas/strokes.ts';
import { Dialog } from '../dialog.tsx';
import { useUnsaved } from '../unsaved.tsx';
import { DrawingTools, INKS } from './drawing-tools.tsx';
import { UndoButtons } from './undo-buttons.tsx';

interface DrawingBoardProps {
  readonly onDone: (png: Blob) => Promise<void>;
  readonly onClose: () => void;
}

const STEP = 8;
const LEAP = 32;
const arrows: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A sketch by hand: strokes with pressure, kept as lines until they become a picture. */
export default function DrawingBoard({ onDone, onClose }: DrawingBoardProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [strokes, setStrokes] = useState<readonly Stroke[]>([]);
  const [undone, setUndone] = useState<readonly Stroke[]>([]);
  const [current, setCurrent] = useState<Stroke>();
  const [colour, setColour] = useState<string>(INKS[0]);
  const [paper, setPaper] = useState('#ffffff');
  const [size, setSize] = useState(18);
  const [hand, setHand] = useState({ x: PAPER / 2, y: PAPER / 2 });
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    drawStrokes(canvas.current!.getContext('2d')!, paper, current ? [...strokes, current] : strokes);
  }, [strokes, current, paper]);

  const [close, question] = useUnsaved(strokes.length > 0, onClose);
  const begin = (point: Pressed, simulated: boolean) =>
    setCurrent({ points: [point], colour, size, simulated });
  const extend = (...points: Pressed[]) =>
    setCurrent((stroke) => stroke && { ...stroke, points: [...stroke.points, ...points] });
  const end = () => {
    if (current) setStrokes([...strokes, current]);
    setCurrent(undefined);
    setUndone([]);
  };
  const undo = () => {
    const last = strokes.at(-1);
    if (!last) return;
    setStrokes(strokes.slice(0, -1));
    setUndone([...undone, last]);
  };
  const redo = () => {
    const last = undone.at(-1);
    if (!last) return;
    setStrokes([...strokes, last]);
    setUndone(undone.slice(0, -1));
  };
  const at = (event: PointerEvent | React.PointerEvent): Pressed => {
    const box = canvas.current!.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * PAPER,
      ((event.clientY - box.top) / box.height) * PAPER,
      event.pressure || 0.5,
    ];
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const arrow = arrows[event.key];
    const key = event.key.toLowerCase();
    if (arrow) {
      const by = event.shiftKey ? LEAP : STEP;
      const inside = (value: number) => Math.min(PAPER, Math.max(0, value));
      const next = { x: inside(hand.x + by * arrow[0]), y: inside(hand.y + by * arrow[1]) };
      setHand(next);
      extend([next.x, next.y, 0.5]);
    } else if (key === ' ') current ? end() : begin([hand.x, hand.y, 0.5], false);
    else if ((event.ctrlKey || event.metaKey) && key === 'z') event.shiftKey ? redo() : undo();
    else if ((event.ctrlKey || event.metaKey) && key === 'y') redo();
    else return;
    event.preventDefault();
  };
  const done = async () => {
    setBusy(true);
    await onDone(new File([await toBlob(canvas.current!)], 'drawing.png', { type: 'image/png' }));
    setBusy(false);
  };
  return (
    <Dialog
      title="Draw a picture"
      onClose={close}
      wide
      actions={
        <>
          <span className="spring" aria-live="polite">{`${strokes.length} strokes`}</span>
          <UndoButtons onUndo={strokes.length > 0 && undo} onRedo={undone.length > 0 && redo} />
          <button
            type="button"
            disabled={strokes.length === 0}
            onClick={() => {
              setUndone([...strokes].reverse());
              setStrokes([]);
            }}
          >
            Clear
          </button>
          <button type="button" className="primary" disabled={busy || strokes.length === 0} onClick={done}>
            Use this drawing
          </button>
        </>
      }
    >
      {question}
      <div className="drawing">
        <DrawingTools
          colour={colour}
          paper={paper}
          size={size}
          onColour={setColour}
          onPaper={setPaper}
          onSize={setSize}
        />
        <div
          className="paper"
          role="application"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys
          tabIndex={0}
          aria-label="Paper. Arrow keys move the pen, Space puts it down and lifts it, Control Z undoes."
          onKeyDown={onKeyDown}
        >
          <canvas
            ref={canvas}
            width={PAPER}
            height={PAPER}
            data-testid="paper"
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              begin(at(event), event.pointerType !== 'pen');
            }}
            onPointerMove={(event) => {
              if (current)
                extend(...(event.nativeEvent.getCoalescedEvents?.() ?? [event.nativeEvent]).map(at));
            }}
            onPointerUp={end}
            onPointerCancel={end}
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
          >{`pen at ${hand.x}, ${hand.y}${current ? ', down' : ''}`}</p>
        </div>
      </div>
    </Dialog>
  );
}
