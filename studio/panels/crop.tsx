import { useEffect, useRef, useState } from 'react';
import { canvasOf, loadImage, toBlob } from '../canvas/canvas.ts';
import { Dialog } from '../dialog.tsx';
import { complain } from '../notices.ts';
import { clamped } from '../schema.ts';

interface CropProps {
  readonly url: string;
  readonly name: string;
  readonly onDone: (file: File) => Promise<void>;
  readonly onClose: () => void;
}

/** Share of the shorter side. */
const SMALLEST = 0.2;
const STEP = 0.02;

/** The model sees a square: which one of the picture is chosen here, by dragging, by keys, and by its size. */
export default function Crop({ url, name, onDone, onClose }: CropProps) {
  const [image, setImage] = useState<HTMLImageElement>();
  const [size, setSize] = useState(1);
  const [middle, setMiddle] = useState({ x: 0.5, y: 0.5 });
  const [busy, setBusy] = useState(false);
  const grasped = useRef<{ x: number; y: number } | undefined>(undefined);
  useEffect(() => void loadImage(url).then(setImage, complain), [url]);
  if (!image) return null;
  const { naturalWidth: width, naturalHeight: height } = image;
  const side = Math.min(width, height) * size;
  // The frame stays inside the picture.
  const [halfX, halfY] = [side / width / 2, side / height / 2];
  const x = clamped({ minimum: halfX, maximum: 1 - halfX }, middle.x);
  const y = clamped({ minimum: halfY, maximum: 1 - halfY }, middle.y);
  const move = (dx: number, dy: number) => setMiddle({ x: x + dx, y: y + dy });
  const moves: Readonly<Record<string, () => void>> = {
    arrowleft: () => move(-STEP, 0),
    arrowright: () => move(STEP, 0),
    arrowup: () => move(0, -STEP),
    arrowdown: () => move(0, STEP),
  };
  const use = async () => {
    setBusy(true);
    try {
      const { canvas, pen } = canvasOf(Math.round(side), Math.round(side));
      pen.drawImage(
        image,
        x * width - side / 2,
        y * height - side / 2,
        side,
        side,
        0,
        0,
        canvas.width,
        canvas.height,
      );
      await onDone(new File([await toBlob(canvas)], name, { type: 'image/png' }));
      onClose();
    } catch (error) {
      complain(error);
    }
    setBusy(false);
  };
  return (
    <Dialog
      title="Which square?"
      onClose={onClose}
      actions={
        <button type="button" className="primary" aria-disabled={busy} onClick={() => void use()}>
          Use this part
        </button>
      }
    >
      <div className="crop">
        <img src={url} alt="" draggable={false} />
        <div
          className="crop-frame"
          role="application"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys
          tabIndex={0}
          aria-label="Frame. Arrow keys move it."
          style={{
            insetInlineStart: `${100 * (x - halfX)}%`,
            insetBlockStart: `${100 * (y - halfY)}%`,
            inlineSize: `${200 * halfX}%`,
            blockSize: `${200 * halfY}%`,
          }}
          onKeyDown={(event) => {
            const act = moves[event.key.toLowerCase()];
            if (!act) return;
            event.preventDefault();
            act();
          }}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            grasped.current = { x: event.clientX, y: event.clientY };
          }}
          onPointerMove={(event) => {
            const from = grasped.current;
            if (!from) return;
            const box = event.currentTarget.parentElement!.getBoundingClientRect();
            move((event.clientX - from.x) / box.width, (event.clientY - from.y) / box.height);
            grasped.current = { x: event.clientX, y: event.clientY };
          }}
          onPointerUp={() => {
            grasped.current = undefined;
          }}
        />
      </div>
      <Size value={size} onChange={setSize} />
    </Dialog>
  );
}

const Size = ({ value, onChange }: { readonly value: number; readonly onChange: (size: number) => void }) => (
  <label className="crop-size">
    Size
    <input
      type="range"
      min={SMALLEST}
      max={1}
      step={0.01}
      value={value}
      style={{ '--part': `${(100 * (value - SMALLEST)) / (1 - SMALLEST)}%` } as React.CSSProperties}
      onChange={(event) => onChange(Number(event.target.value))}
    />
  </label>
);
