import { type Picture, rgb } from './picture.ts';
import { resize } from './resize.ts';

export interface SheetOptions {
  /** Pictures side by side. */
  readonly columns: number;
  /** Width of each on the sheet, in pixels; heights keep their ratio to the first. */
  readonly width?: number;
  readonly gap?: number;
  readonly ink?: string;
  readonly paper?: string;
}

export interface Labelled {
  readonly picture: Picture;
  readonly label?: string | undefined;
}

/**
 * A contact sheet: pictures in rows, each with its label below. Labels need a font on this machine; without any the sheet
 * shows the pictures alone.
 */
export async function contactSheet(items: readonly Labelled[], options: SheetOptions): Promise<Picture> {
  // Only those who make a sheet wait for the drawing library.
  const { createCanvas, GlobalFonts, ImageData } = await import('@napi-rs/canvas');
  const { columns, width = 128, gap = 8, ink = '#222', paper = '#fff' } = options;
  const first = items[0]?.picture;
  const height = first ? Math.round((width * first.height) / first.width) : 0;
  const labelled = GlobalFonts.families.length > 0 && items.some(({ label }) => label);
  const line = labelled ? 16 : 0;
  const lines = Math.ceil(items.length / columns);
  const canvas = createCanvas(gap + columns * (width + gap), gap + lines * (height + line + gap));
  const context = canvas.getContext('2d');
  context.fillStyle = paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = ink;
  context.font = '11px sans-serif';
  for (const [i, { picture, label }] of items.entries()) {
    const x = gap + (i % columns) * (width + gap);
    const y = gap + Math.floor(i / columns) * (height + line + gap);
    const shown = rgba(resize(rgb(picture), width, height, 'bicubic'));
    context.putImageData(new ImageData(shown, width, height), x, y);
    if (labelled && label)
      context.fillText(
        shortened(label, width, (text) => context.measureText(text).width),
        x,
        y + height + 12,
      );
  }
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return withoutAlpha(data, canvas.width, canvas.height);
}

/** One picture beside the other. */
export const strip = (
  items: readonly Labelled[],
  options: Omit<SheetOptions, 'columns'> = {},
): Promise<Picture> => contactSheet(items, { ...options, columns: Math.max(1, items.length) });

function shortened(text: string, width: number, measure: (text: string) => number): string {
  let shown = text;
  while (shown.length > 1 && measure(shown) > width) shown = `${shown.slice(0, -2).trimEnd()}…`;
  return shown;
}

function rgba({ width, height, data }: Picture): Uint8ClampedArray {
  const result = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) result.set(data.subarray(3 * i, 3 * i + 3), 4 * i);
  return result;
}

function withoutAlpha(data: Uint8ClampedArray, width: number, height: number): Picture {
  const result = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) result.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
  return { width, height, channels: 3, data: result };
}
