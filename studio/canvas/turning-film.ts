import { viewNamed } from '../../src/diffusion/named-view.ts';
import type { FigureInfo } from '../../src/server/api-types.ts';
import { pixelsOf, wholeTensor } from '../noise.ts';
import { webpOf } from './animation.ts';
import { canvasOf, loadImage } from './canvas.ts';
import { animatedWebp } from './webp.ts';

const SMALLEST = 256;
const FRAMES = 10;
const FRAME_MS = 60;
const HOLD_MS = 1200;

/**
 * A picture being turned and turned back: through the angle where its view is a turn, else faded over to its other look.
 *
 * @throws {Error} when the browser cannot write WebP
 */
export async function turningFilm(figure: FigureInfo): Promise<Blob> {
  const image = await loadImage(figure.url);
  const view = viewNamed(figure.view!);
  const angle = Number(/^rotate\((-?\d+)deg\)$/.exec(view.css ?? '')?.[1] ?? 0);
  const other = canvasOf(figure.width, figure.height);
  other.pen.putImageData(pixelsOf(view.apply(wholeTensor(image))), 0, 0);
  const side = Math.max(SMALLEST, figure.width);
  const { canvas, pen } = canvasOf(side, side);
  pen.imageSmoothingEnabled = figure.width > 96;
  /** @param part  0 upright … 1 turned */
  const frame = (part: number): Promise<Uint8Array> => {
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.globalAlpha = 1;
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, side, side);
    if (angle) {
      pen.translate(side / 2, side / 2);
      pen.rotate((part * angle * Math.PI) / 180);
      pen.drawImage(image, -side / 2, -side / 2, side, side);
    } else {
      pen.drawImage(image, 0, 0, side, side);
      pen.globalAlpha = part;
      pen.drawImage(other.canvas, 0, 0, side, side);
    }
    return webpOf(canvas);
  };
  const way = Array.from({ length: FRAMES + 1 }, (_, i) => (1 - Math.cos((Math.PI * i) / FRAMES)) / 2);
  const parts = [...way, ...way.toReversed().slice(1, -1)];
  const frames: Uint8Array[] = [];
  for (const part of parts) frames.push(await frame(part));
  return animatedWebp(frames, {
    width: side,
    height: side,
    durationsMs: parts.map((part) => (part === 0 || part === 1 ? HOLD_MS : FRAME_MS)),
  });
}
