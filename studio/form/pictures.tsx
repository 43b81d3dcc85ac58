import { lazy, Suspense, useState } from 'react';
import { isObject, pictureUrl } from '../backend.ts';
import { useCatalogue } from '../catalogue.ts';
import { draggedPicture } from '../drag.ts';
import { droppedPicture, picturesIn, sendPicture } from '../files.ts';
import { Icon } from '../icons.tsx';
import { complain } from '../notices.ts';
import { isList, kindOf, shown } from '../schema.ts';
import { ChoosePicture } from './choose-picture.tsx';
import type { ControlProps } from './control.ts';
import { editable, RemoveItem } from './lists.tsx';

const Crop = lazy(() => import('../panels/crop.tsx'));
const MaskEditor = lazy(() => import('../panels/mask-editor.tsx'));

/** One picture or mask, or a list of them, as tiles that take files, pastes and names. */
export function PictureField(props: ControlProps) {
  const { field, value, onChange, label, form } = props;
  const items = isList(field) ? editable<string>(props) : undefined;
  const references = items?.list ?? [String(value)];
  const change = (i: number, reference: string) => (items ? items.change(i, reference) : onChange(reference));
  const kind = kindOf(field) === 'mask' ? 'mask' : 'picture';
  const under = kind === 'mask' ? picturesBeside(form) : [];
  return (
    <ul className="tiles">
      {references.map((reference, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place in the list
        <li key={i}>
          <PictureTile
            label={references.length > 1 ? `${label} ${i + 1}` : label}
            kind={kind}
            reference={reference}
            under={under[i] ?? under[0]}
            onChange={(next) => change(i, next)}
          />
          {items?.remove && <RemoveItem what={`${label} ${i + 1}`} onClick={() => items.remove?.(i)} />}
        </li>
      ))}
      {items?.add && (
        <li>
          <button
            type="button"
            className="tile-add"
            aria-label={`Add to ${label}`}
            onClick={() => items.add?.()}
          >
            <Icon name="plus" />
          </button>
        </li>
      )}
    </ul>
  );
}

/** References of the form's first picture field: what a mask lies over. */
function picturesBeside({ properties, params }: ControlProps['form']): readonly string[] {
  const name = Object.keys(properties).find((key) => kindOf(properties[key]!) === 'picture');
  const value = name === undefined ? [] : params[name];
  return (Array.isArray(value) ? value : [value]).map(String);
}

interface TileProps {
  readonly label: string;
  readonly kind: 'picture' | 'mask';
  readonly reference: string;
  /** The picture a mask is for. */
  readonly under: string | undefined;
  readonly onChange: (reference: string) => void;
}

function PictureTile({ label, kind, reference, under, onChange }: TileProps) {
  const { pictures } = useCatalogue();
  const [open, setOpen] = useState(false);
  const [dragged, setDragged] = useState(false);
  const [busy, setBusy] = useState(false);
  const [cropping, setCropping] = useState(false);
  const own = kind === 'picture' && isObject(reference);
  const url = pictureUrl(reference, pictures, kind);
  const take = async (file: Blob | undefined) => {
    if (!file) return;
    setBusy(true);
    await sendPicture(file).then(({ reference }) => onChange(reference), complain);
    setBusy(false);
  };
  return (
    <>
      <button
        type="button"
        className={dragged ? 'tile dragged' : 'tile'}
        aria-label={`${label}: ${shown(reference)}. ${kind === 'mask' ? 'Paint, or choose another' : 'Choose another, or drop or paste one'}`}
        aria-busy={busy}
        data-kind={kind}
        onClick={() => setOpen(true)}
        onDragOver={(event) => {
          event.preventDefault();
          setDragged(true);
        }}
        onDragLeave={() => setDragged(false)}
        onDrop={(event) => {
          event.preventDefault();
          event.stopPropagation();
          setDragged(false);
          const result = draggedPicture(event.dataTransfer);
          if (result) onChange(result);
          else void take(droppedPicture(event.dataTransfer));
        }}
        onPaste={(event) => {
          event.stopPropagation();
          void take(picturesIn(event.clipboardData)[0]);
        }}
      >
        {url ? <img key={url} src={url} alt="" /> : <span className="tile-empty">no picture</span>}
        <span className="tile-name">{shown(reference)}</span>
      </button>
      {own && url && (
        <button
          type="button"
          className="crop-open"
          aria-label={`Crop ${label}: ${shown(reference)}`}
          title="Which square of it?"
          onClick={() => setCropping(true)}
        >
          <Icon name="crop" />
        </button>
      )}
      {cropping && url && (
        <Suspense fallback={null}>
          <Crop url={url} name={shown(reference)} onDone={take} onClose={() => setCropping(false)} />
        </Suspense>
      )}
      {open && kind === 'picture' && (
        <ChoosePicture title={label} onChoose={onChange} onClose={() => setOpen(false)} onFile={take} />
      )}
      {open && kind === 'mask' && (
        <Suspense fallback={null}>
          <MaskEditor
            reference={reference}
            under={under}
            onChange={onChange}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
