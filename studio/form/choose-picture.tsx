import { lazy, Suspense, useState } from 'react';
import { useCatalogue } from '../catalogue.ts';
import { Dialog } from '../dialog.tsx';
import { chooseFiles, droppedPicture, PICTURE_TYPES, picturesIn } from '../files.ts';
import { notify } from '../notices.ts';

const DrawingBoard = lazy(() => import('../panels/drawing-board.tsx'));

interface ChoosePictureProps {
  readonly title: string;
  readonly onChoose: (reference: string) => void;
  readonly onFile: (file: Blob | undefined) => Promise<void>;
  readonly onClose: () => void;
}

/** Where a picture can come from: a file, the clipboard, one's own hand, or the project's own by name. */
export function ChoosePicture({ title, onChoose, onFile, onClose }: ChoosePictureProps) {
  const { pictures } = useCatalogue();
  const [drawing, setDrawing] = useState(false);
  const take = async (file: Blob | undefined) => {
    if (!file) return;
    await onFile(file);
    onClose();
  };
  if (drawing) {
    return (
      <Suspense fallback={null}>
        <DrawingBoard onDone={take} onClose={() => setDrawing(false)} />
      </Suspense>
    );
  }
  return (
    <Dialog title={`Choose: ${title}`} onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping and pasting have buttons beside them */}
      <div
        className="sources"
        onPaste={(event) => void take(picturesIn(event.clipboardData)[0])}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          event.stopPropagation();
          void take(droppedPicture(event.dataTransfer));
        }}
      >
        <div className="buttons">
          <button type="button" onClick={async () => take((await chooseFiles(PICTURE_TYPES))[0])}>
            Open a file…
          </button>
          <button type="button" onClick={async () => take(await fromClipboard())}>
            Paste
          </button>
          <button type="button" onClick={() => setDrawing(true)}>
            Draw one
          </button>
        </div>
        <p className="hint">Or drop a picture here. The model sees the square in its middle.</p>
        <ul className="built-in">
          {pictures
            .filter(({ kind }) => kind === 'picture')
            .map(({ reference, url }) => (
              <li key={reference}>
                <button
                  type="button"
                  className="tile"
                  onClick={() => {
                    onChoose(reference);
                    onClose();
                  }}
                >
                  <img src={url} alt="" loading="lazy" />
                  <span className="tile-name">{reference}</span>
                </button>
              </li>
            ))}
        </ul>
      </div>
    </Dialog>
  );
}

async function fromClipboard(): Promise<Blob | undefined> {
  const items = await navigator.clipboard?.read().catch(() => []);
  for (const item of items ?? []) {
    const type = item.types.find((name) => name.startsWith('image/'));
    if (type) return new File([await item.getType(type)], `pasted.${type.slice('image/'.length)}`, { type });
  }
  notify('There is no picture on the clipboard, or the browser does not hand it out: try Ctrl + V here.');
  return undefined;
}
