import { checkList, checkNumber, checkObject, checkShape } from '../tensor/check.ts';
import { checkPixels, expectPicture, type Picture } from './check.ts';
import { rgb } from './picture.ts';
import { resize } from './resize.ts';

/** How a contact sheet is laid out. */
export interface SheetOptions {
  /** Pictures side by side; all in one row without it. */
  readonly columns?: number;
  /** Width of each on the sheet, in pixels; heights keep their ratio to the first. */
  readonly width?: number;
  /** Pixels around each picture. */
  readonly gap?: number;
  /** Grey of the paper, 0 to 255. */
  readonly paper?: number;
}

/**
 * A contact sheet: pictures in rows from left to right, RGB, each scaled to one width by Pillow's bicubic filter.
 *
 * @param pictures  of one shape: the first one's is taken for all
 * @throws {ArgumentError} when one is no picture, or an option no number of pixels
 */
export function contactSheet(pictures: readonly Picture[], options: SheetOptions = {}): Picture {
  checkList('pictures', pictures, 'a list of pictures, one at least');
  checkObject('options', options, 'options, as in { columns: 3 }');
  const { columns = pictures.length, width = 128, gap = 8, paper = 255 } = options;
  pictures.forEach((picture, i) => {
    expectPicture(`picture ${i + 1}`, picture);
  });
  checkPixels('columns', columns);
  checkPixels('width', width);
  checkNumber('gap', gap, { whole: true, min: 0, max: 1000 });
  checkNumber('paper', paper, { min: 0, max: 255 });
  const first = pictures[0]!;
  const height = Math.round((width * first.height) / first.width);
  const sheetWidth = gap + columns * (width + gap);
  const sheetHeight = gap + Math.ceil(pictures.length / columns) * (height + gap);
  checkShape('the sheet', [sheetHeight, sheetWidth, 3]);
  const data = new Uint8Array(sheetWidth * sheetHeight * 3).fill(paper);
  for (const [i, picture] of pictures.entries()) {
    const left = gap + (i % columns) * (width + gap);
    const top = gap + Math.floor(i / columns) * (height + gap);
    const shown = resize(rgb(picture), width, height, 'bicubic').data;
    for (let y = 0; y < height; y++)
      data.set(shown.subarray(3 * y * width, 3 * (y + 1) * width), 3 * ((top + y) * sheetWidth + left));
  }
  return { width: sheetWidth, height: sheetHeight, channels: 3, data };
}
