import { canvasOf, loadImage, toBlob } from './canvas.ts';

const CELL = 160;
const GAP = 8;
const HEAD = 34;
const SIDE = 150;

interface Sheet {
  readonly across: readonly string[];
  readonly down: readonly string[];
  /** Addresses, `cells[y][x]`; undefined stays empty. */
  readonly cells: readonly (readonly (string | undefined)[])[];
}

/** A grid of pictures with its labels, as one PNG. */
export async function contactSheet({ across, down, cells }: Sheet): Promise<Blob> {
  const { canvas, pen } = canvasOf(SIDE + across.length * (CELL + GAP), HEAD + down.length * (CELL + GAP));
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = '#16191a';
  pen.font = '12px system-ui, sans-serif';
  pen.imageSmoothingEnabled = false;
  for (const [x, text] of across.entries()) pen.fillText(text, SIDE + x * (CELL + GAP), HEAD - 12, CELL);
  for (const [y, text] of down.entries())
    pen.fillText(text, 8, HEAD + y * (CELL + GAP) + CELL / 2, SIDE - 16);
  for (const [y, row] of cells.entries()) {
    for (const [x, url] of row.entries()) {
      if (url)
        pen.drawImage(await loadImage(url), SIDE + x * (CELL + GAP), HEAD + y * (CELL + GAP), CELL, CELL);
    }
  }
  return toBlob(canvas);
}
