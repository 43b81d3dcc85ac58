import { useEffect, useState } from 'react';
import { pictureUrl } from '../backend.ts';
import { canvasOf, drawSquare, loadImage, toBlob } from '../canvas/canvas.ts';
import { feathered, SIZE, share } from '../canvas/mask.ts';
import { MaskBoard } from '../canvas/mask-board.ts';
import { maskFromPixels, maskPicture } from '../canvas/mask-view.ts';
import { useCatalogue } from '../catalogue.ts';
import { Dialog } from '../dialog.tsx';
import { chooseFiles, PICTURE_TYPES, save, sendPicture } from '../files.ts';
import { complain } from '../notices.ts';
import { useStore } from '../store.ts';
import { useUnsaved } from '../unsaved.tsx';
import { MaskCanvas, MaskSeen } from './mask-canvas.tsx';
import { MaskTools } from './mask-tools.tsx';

interface MaskEditorProps {
  readonly reference: string;
  /** The picture it is for. */
  readonly under: string | undefined;
  readonly onChange: (reference: string) => void;
  readonly onClose: () => void;
}

/** Where the picture may change, painted over it. */
export default function MaskEditor({ reference, under, onChange, onClose }: MaskEditorProps) {
  const { pictures } = useCatalogue();
  const [board] = useState(() => new MaskBoard());
  const [feather, setFeather] = useState(0);
  const [ground, setGround] = useState(() => canvasOf(SIZE, SIZE));
  const [size, setSize] = useState({ width: SIZE, height: SIZE });
  const [busy, setBusy] = useState(false);
  useStore(board.version);

  const underUrl = under === undefined ? undefined : pictureUrl(under, pictures);
  useEffect(() => {
    if (!underUrl) return;
    void loadImage(underUrl).then((image) => {
      const next = canvasOf(SIZE, SIZE);
      drawSquare(next.pen, image);
      board.colours = next.pen.getImageData(0, 0, SIZE, SIZE).data;
      setSize({ width: image.naturalWidth, height: image.naturalHeight });
      setGround(next);
    }, complain);
  }, [underUrl, board]);

  const read = async (url: string) => {
    const image = await loadImage(url);
    const { pen } = canvasOf(SIZE, SIZE);
    drawSquare(pen, image);
    return maskFromPixels(pen.getImageData(0, 0, SIZE, SIZE));
  };
  const replaceWith = (url: string) => read(url).then((mask) => board.replace(mask));
  const maskUrl = pictureUrl(reference, pictures, 'mask');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the mask it begins with
  useEffect(() => {
    if (maskUrl) void read(maskUrl).then((mask) => board.begin(mask), complain);
  }, [maskUrl]);

  const openFile = async () => {
    const [file] = await chooseFiles(PICTURE_TYPES);
    if (!file) return;
    const url = URL.createObjectURL(file);
    await replaceWith(url).catch(complain);
    URL.revokeObjectURL(url);
  };
  const png = () => toBlob(maskPicture(feathered(board.mask, feather), size));
  const use = async () => {
    setBusy(true);
    try {
      onChange((await sendPicture(new File([await png()], 'mask.png'))).reference);
      onClose();
    } catch (error) {
      complain(error);
    }
    setBusy(false);
  };
  const [close, question] = useUnsaved(board.canGoBack, onClose);
  const part = share(feathered(board.mask, feather));
  return (
    <Dialog
      title="Mask: paint where the picture may change"
      onClose={close}
      wide
      actions={
        <>
          <span className="spring" aria-live="polite" data-testid="share">
            {Math.round(100 * part)} % may change
          </span>
          <button type="button" onClick={openFile}>
            Open PNG…
          </button>
          <button type="button" onClick={() => void png().then((blob) => save(blob, 'mask.png'), complain)}>
            Save PNG
          </button>
          <button type="button" className="primary" disabled={busy || part === 0} onClick={use}>
            Use this mask
          </button>
        </>
      }
    >
      {question}
      <div className="mask-editor">
        <MaskTools board={board} feather={feather} onFeather={setFeather} />
        <MaskCanvas board={board} ground={ground.canvas} feather={feather} onFeather={setFeather} />
        <aside>
          <MaskSeen board={board} ground={ground.canvas} feather={feather} />
          <p className="hint">
            As the model sees it: 64 × 64; a pixel may change where any of it is painted.
          </p>
          <label>
            Begin with
            <select
              value=""
              onChange={(event) => {
                const url = pictureUrl(event.target.value, pictures, 'mask');
                if (url) void replaceWith(url).catch(complain);
              }}
            >
              <option value="">a built-in mask…</option>
              {pictures
                .filter(({ kind }) => kind === 'mask')
                .map(({ reference: name }) => (
                  <option key={name}>{name}</option>
                ))}
            </select>
          </label>
        </aside>
      </div>
    </Dialog>
  );
}
