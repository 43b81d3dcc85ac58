import { canvasOf } from './canvas.ts';
import type { Point } from './hand.ts';
import { asSeen, feathered, type Mask, rectangle, SEEN, SIZE } from './mask.ts';
import type { MaskBoard } from './mask-board.ts';

/** The colour of what may change: it has to be told from any picture. */
const TINT = [255, 92, 20] as const;
const OPACITY = 0.62;

/** Picture, mask, outline and brush at twice the mask's size. */
export function drawBoard(
  canvas: HTMLCanvasElement,
  board: MaskBoard,
  picture: HTMLCanvasElement,
  feather: number,
): void {
  const pen = canvas.getContext('2d')!;
  const scale = canvas.width / SIZE;
  pen.imageSmoothingEnabled = true;
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  pen.drawImage(tinted(feathered(board.mask, feather)), 0, 0, canvas.width, canvas.height);
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  drawOutline(pen, board);
  drawHand(pen, board);
  pen.setTransform(1, 0, 0, 1, 0, 0);
}

function tinted(mask: Mask): HTMLCanvasElement {
  const { canvas, pen } = canvasOf(SIZE, SIZE);
  const pixels = pen.createImageData(SIZE, SIZE);
  for (let i = 0; i < mask.length; i++) {
    pixels.data[4 * i] = TINT[0];
    pixels.data[4 * i + 1] = TINT[1];
    pixels.data[4 * i + 2] = TINT[2];
    pixels.data[4 * i + 3] = mask[i]! * OPACITY;
  }
  pen.putImageData(pixels, 0, 0);
  return canvas;
}

function drawOutline(pen: CanvasRenderingContext2D, { outline, tool, hand, down }: MaskBoard): void {
  const [first] = outline;
  if (!first || !down) return;
  const corners = tool.gesture === 'corners' ? rectangle(first, hand) : [...outline, hand];
  twice(pen, () => trace(pen, corners));
}

function trace(pen: CanvasRenderingContext2D, corners: readonly Point[]): void {
  pen.beginPath();
  for (const { x, y } of corners) pen.lineTo(x, y);
  pen.closePath();
  pen.stroke();
}

function drawHand(pen: CanvasRenderingContext2D, { hand: { x, y }, tool, radius }: MaskBoard): void {
  const reach = tool.gesture === 'paint' ? radius : 4;
  twice(pen, () => {
    pen.beginPath();
    pen.arc(x, y, reach, 0, 2 * Math.PI);
    pen.moveTo(x - 3, y);
    pen.lineTo(x + 3, y);
    pen.moveTo(x, y - 3);
    pen.lineTo(x, y + 3);
    pen.stroke();
  });
}

/** Dark, and light within: seen on any ground. */
function twice(pen: CanvasRenderingContext2D, draw: () => void): void {
  for (const [style, width] of [
    ['#000', 1.6],
    ['#fff', 0.8],
  ] as const) {
    pen.strokeStyle = style;
    pen.lineWidth = width;
    draw();
  }
}

/** What the model will be given: its own pixels, those that may change taken out. */
export function drawSeen(canvas: HTMLCanvasElement, mask: Mask, picture: HTMLCanvasElement): void {
  const pen = canvas.getContext('2d')!;
  pen.drawImage(picture, 0, 0, SEEN, SEEN);
  const pixels = pen.getImageData(0, 0, SEEN, SEEN);
  asSeen(mask).forEach((value, i) => {
    if (value) pixels.data.set([...TINT, 255], 4 * i);
  });
  pen.putImageData(pixels, 0, 0);
}

/** Light → mask: white may change, and what cannot be seen is kept. */
export function maskFromPixels({ data }: ImageData): Mask {
  const mask = new Uint8ClampedArray(SIZE * SIZE);
  for (let i = 0; i < mask.length; i++) {
    const light = 0.299 * data[4 * i]! + 0.587 * data[4 * i + 1]! + 0.114 * data[4 * i + 2]!;
    mask[i] = (light * data[4 * i + 3]!) / 255;
  }
  return mask;
}

/** The mask as a picture of the size of the one it is for, whose middle square it covers: white may change. */
export function maskPicture(
  mask: Mask,
  { width, height }: { readonly width: number; readonly height: number },
): HTMLCanvasElement {
  const small = canvasOf(SIZE, SIZE);
  const pixels = small.pen.createImageData(SIZE, SIZE);
  for (let i = 0; i < mask.length; i++) pixels.data.set([mask[i]!, mask[i]!, mask[i]!, 255], 4 * i);
  small.pen.putImageData(pixels, 0, 0);
  const { canvas, pen } = canvasOf(width, height);
  const size = Math.min(width, height);
  pen.fillStyle = '#000';
  pen.fillRect(0, 0, width, height);
  pen.drawImage(small.canvas, Math.floor((width - size) / 2), Math.floor((height - size) / 2), size, size);
  return canvas;
}
