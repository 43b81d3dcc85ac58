import { useEffect, useRef } from 'react';
import type { View } from '../../src/diffusion/view.ts';
import { views } from '../../src/diffusion/views.ts';
import type { FigureInfo } from '../../src/server/api-types.ts';
import { canvasOf, loadImage } from '../canvas/canvas.ts';

interface TurningProps {
  readonly figure: FigureInfo;
  readonly turned: boolean;
  readonly className?: string;
}

const viewNamed = (name: string | undefined): View | undefined =>
  name !== undefined && name in views ? views[name as keyof typeof views] : undefined;

/** A picture that can be looked at under its view: turned by CSS where a turn shows it, else faded over to its other look. */
export function Turning({ figure, turned, className = '' }: TurningProps) {
  const view = viewNamed(figure.view);
  const coarse = figure.width <= 96 ? 'coarse' : '';
  return (
    <span className={`turning ${className}`} data-turned={turned}>
      <img
        className={coarse}
        src={figure.url}
        alt=""
        width={figure.width}
        height={figure.height}
        style={view?.css ? { transform: turned ? view.css : 'none' } : undefined}
      />
      {view && !view.css && <OtherLook figure={figure} view={view} coarse={coarse} />}
    </span>
  );
}

/** What the view makes of the pixels. */
function OtherLook({
  figure,
  view,
  coarse,
}: {
  readonly figure: FigureInfo;
  readonly view: View;
  readonly coarse: string;
}) {
  const element = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let gone = false;
    void loadImage(figure.url).then((image) => {
      if (gone || !element.current) return;
      element.current.getContext('2d')!.putImageData(seenThrough(view, image), 0, 0);
    });
    return () => {
      gone = true;
    };
  }, [figure.url, view]);
  return (
    <canvas className={`other-look ${coarse}`} ref={element} width={figure.width} height={figure.height} />
  );
}

/** Pixels as values around 0, through the view, and back: a negative is a change of sign. */
function seenThrough(view: View, image: HTMLImageElement): ImageData {
  const { naturalWidth: width, naturalHeight: height } = image;
  const { pen } = canvasOf(width, height);
  pen.drawImage(image, 0, 0);
  const pixels = pen.getImageData(0, 0, width, height);
  const plane = width * height;
  const x = new Float32Array(3 * plane);
  for (let i = 0; i < plane; i++)
    for (let c = 0; c < 3; c++) x[c * plane + i] = pixels.data[4 * i + c]! / 127.5 - 1;
  const seen = view.apply({ data: x, shape: [1, 3, height, width] }).data;
  for (let i = 0; i < plane; i++)
    for (let c = 0; c < 3; c++) pixels.data[4 * i + c] = (seen[c * plane + i]! + 1) * 127.5;
  return pixels;
}
