import { useEffect, useMemo, useRef } from 'react';
import { isViewName, viewNamed } from '../../src/diffusion/named-view.ts';
import type { View } from '../../src/diffusion/view.ts';
import { asSeen, type PartSeen } from '../../src/experiments/as-seen.ts';
import type { FigureInfo, StoredObject } from '../../src/server/api-types.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { loadImage } from '../canvas/canvas.ts';
import { coarse } from '../figure-table.ts';
import { pixelsOf, wholeTensor } from '../noise.ts';

interface TurningProps {
  readonly figure: FigureInfo;
  readonly turned: boolean;
  readonly className?: string;
}

/** A view by the name in a figure; a figure of a newer version may name one that is not known here. */
const viewOf = (name: string | undefined): View | undefined =>
  name !== undefined && isViewName(name) ? viewNamed(name) : undefined;

/** A picture that can be looked at under its view: turned by CSS where a turn shows it, else faded over to its other look. */
export function Turning({ figure, turned, className = '' }: TurningProps) {
  const view = viewOf(figure.view);
  return (
    <span className={`turning ${className}`} data-turned={turned}>
      <img
        className={coarse(figure.width)}
        src={figure.url}
        alt=""
        width={figure.width}
        height={figure.height}
        style={view?.css ? { transform: turned ? view.css : 'none' } : undefined}
      />
      {view && !view.css && <OtherLook picture={figure} look={view} />}
    </span>
  );
}

interface SeenProps {
  readonly picture: StoredObject;
  readonly view: string;
  readonly part?: PartSeen | undefined;
}

/** A picture as it is seen through a view, or a part of it, as from afar, and stays. */
export function Seen({ picture, view: name, part }: SeenProps) {
  const view = viewOf(name);
  const looked = useMemo(
    () => (part && isViewName(name) ? { apply: (x: Tensor) => asSeen(x, { view: name, part }) } : undefined),
    [part, name],
  );
  if (looked) return <OtherLook picture={picture} look={looked} still />;
  if (view && !view.css) return <OtherLook picture={picture} look={view} still />;
  return (
    <img
      className={coarse(picture.width)}
      src={picture.url}
      alt=""
      style={view?.css ? { transform: view.css } : undefined}
    />
  );
}

/** What a view, or the distance, makes of the pixels. */
function OtherLook({
  picture,
  look,
  still = false,
}: {
  readonly picture: StoredObject;
  readonly look: Pick<View, 'apply'>;
  readonly still?: boolean;
}) {
  const element = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let gone = false;
    void loadImage(picture.url).then((image) => {
      if (gone || !element.current) return;
      element.current.getContext('2d')!.putImageData(pixelsOf(look.apply(wholeTensor(image))), 0, 0);
    });
    return () => {
      gone = true;
    };
  }, [picture.url, look]);
  return (
    <canvas
      className={`${still ? '' : 'other-look'} ${coarse(picture.width)}`}
      ref={element}
      width={picture.width}
      height={picture.height}
    />
  );
}
