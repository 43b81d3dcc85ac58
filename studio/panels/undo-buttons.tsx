import { Icon } from '../icons.tsx';

/** One step back, one forward; a way that does not lead anywhere has no action. */
export function UndoButtons({
  onUndo,
  onRedo,
}: {
  onUndo?: (() => void) | false;
  onRedo?: (() => void) | false;
}) {
  return (
    <>
      <button type="button" aria-label="Undo" disabled={!onUndo} onClick={onUndo || undefined}>
        <Icon name="undo" />
      </button>
      <button type="button" aria-label="Redo" disabled={!onRedo} onClick={onRedo || undefined}>
        <Icon name="redo" />
      </button>
    </>
  );
}
