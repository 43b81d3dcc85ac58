import { useState } from 'react';
import { amount } from '../../src/words.ts';
import { Sketch } from '../canvas/sketch.ts';
import { drawn } from '../canvas/strokes.ts';
import { Dialog } from '../dialog.tsx';
import { complain } from '../notices.ts';
import { useStore } from '../store.ts';
import { useUnsaved } from '../unsaved.tsx';
import { DrawingTools } from './drawing-tools.tsx';
import { Paper } from './paper.tsx';
import { UndoButtons } from './undo-buttons.tsx';

interface DrawingBoardProps {
  readonly onDone: (png: Blob) => Promise<void>;
  readonly onClose: () => void;
}

/** A sketch by hand: strokes with pressure, kept as lines until they become a picture. */
export default function DrawingBoard({ onDone, onClose }: DrawingBoardProps) {
  const [sketch] = useState(() => new Sketch());
  const [busy, setBusy] = useState(false);
  useStore(sketch.version);
  const { strokes } = sketch;
  const [close, question] = useUnsaved(strokes.length > 0, onClose);
  const done = async () => {
    setBusy(true);
    try {
      await onDone(new File([await drawn(sketch)], 'drawing.png', { type: 'image/png' }));
    } catch (error) {
      complain(error);
    }
    setBusy(false);
  };
  return (
    <Dialog
      title="Draw a picture"
      onClose={close}
      wide
      actions={
        <>
          <span className="spring" aria-live="polite">
            {amount(strokes.length, 'stroke')}
          </span>
          <UndoButtons
            onUndo={sketch.canGoBack && sketch.goBack}
            onRedo={sketch.canGoForward && sketch.goForward}
          />
          <button type="button" disabled={strokes.length === 0} onClick={sketch.clear}>
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
        <DrawingTools sketch={sketch} />
        <Paper sketch={sketch} />
      </div>
    </Dialog>
  );
}
