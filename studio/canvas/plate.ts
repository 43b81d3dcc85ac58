import { dataUri, escapeHtml } from '../../src/gallery/html.ts';
import { isStrip, type Table } from '../../src/gallery/tables.ts';
import type { FigureInfo } from '../../src/server/api-types.ts';
import { numbersOf, tablesOf } from '../figure-table.ts';
import { canvasOf, loadImage, toBlob } from './canvas.ts';

/** Of a slide. */
const WIDTH = 1920;
const MARGIN = 64;
const GAP = 24;
const TITLE = 44;
const WORDS = 26;
const LINE = 34;
const FONT = 'system-ui, "Segoe UI", "Liberation Sans", sans-serif';

interface Word {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly width: number;
  readonly bold?: boolean;
}

interface Placed {
  readonly figure: FigureInfo;
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

export interface Plate {
  readonly height: number;
  readonly words: readonly Word[];
  readonly pictures: readonly Placed[];
}

/** Pictures of a line before it wraps. */
const MOST = 6;

/** Figures with their captions, laid out for a slide: tables where they are some, else lines that wrap. */
export function plateOf(title: string, figures: readonly FigureInfo[]): Plate {
  const found = tablesOf(figures);
  const head = figures.some(({ row }) => row) ? 220 : 0;
  const most = Math.max(...found.map((table) => across(table)));
  const side = Math.min(640, Math.floor((WIDTH - 2 * MARGIN - head - (most - 1) * GAP) / most));
  const left = (place: number) => MARGIN + head + place * (side + GAP);
  const words: Word[] = [
    { text: title, x: MARGIN, y: MARGIN + TITLE * 0.8, size: TITLE, width: WIDTH - 2 * MARGIN, bold: true },
  ];
  const pictures: Placed[] = [];
  let y = MARGIN + TITLE + 2 * GAP;
  /** @returns how many lines it takes */
  const say = (text: string, x: number, width: number) => {
    const lines = linesOf({ text, x, y: y + WORDS, width, bold: true });
    words.push(...lines);
    return lines.length;
  };
  for (const table of found) {
    const strip = isStrip(table);
    if (!strip) {
      const highest = Math.max(...table.columns.map((text, i) => say(text, left(i), side)));
      y += highest * LINE + GAP / 2;
    }
    for (const { name, cells } of table.rows) {
      if (name) say(name, MARGIN, head - GAP);
      const lines = strip ? wrapped(cells.flat(), most) : levels(cells);
      for (const line of lines) {
        const captions = line.flatMap((figure, place) => {
          if (!figure) return [];
          pictures.push({ figure, x: left(place), y, side });
          return [captionOf(figure, strip, { x: left(place), y: y + side + LINE, width: side })];
        });
        words.push(...captions.flat());
        y += side + Math.max(...captions.map(({ length }) => length)) * LINE + 2 * GAP;
      }
    }
  }
  return { height: Math.ceil(y + MARGIN - GAP), words, pictures };
}

const across = (table: Table<FigureInfo>): number =>
  isStrip(table) ? Math.min(MOST, table.rows[0]!.cells.flat().length) : table.columns.length;

/** Where several stand at one place, one below the other. */
const levels = <T>(cells: readonly (readonly T[])[]): (T | undefined)[][] =>
  Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, i) =>
    cells.map((cell) => cell[i]),
  );

const wrapped = <T>(items: readonly T[], most: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / most) }, (_, i) => items.slice(i * most, (i + 1) * most));

/** What stands under a picture, beginning with its column where no head says it. */
function captionOf(figure: FigureInfo, named: boolean, at: Pick<Word, 'x' | 'y' | 'width'>): Word[] {
  const { column, caption } = figure;
  const says = [named && column, caption !== column && caption, numbersOf(figure)].filter(
    Boolean,
  ) as string[];
  const words: Word[] = [];
  for (const [i, text] of says.entries())
    words.push(...linesOf({ ...at, text, y: at.y + words.length * LINE, bold: i === 0 && named }));
  return words;
}

/** As many lines as its words need, whole. Letters are about half as wide as they are high. */
function linesOf({ text, ...at }: Omit<Word, 'size'>): Word[] {
  const most = Math.max(1, Math.floor(at.width / (0.54 * WORDS)));
  const [first = '', ...rest] = text.split(' ');
  const lines = [first];
  for (const word of rest) {
    const longer = `${lines.at(-1)} ${word}`;
    if (longer.length <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line, i) => ({ ...at, text: line, y: at.y + i * LINE, size: WORDS }));
}

/** The plate as a PNG 1920 pixels wide; small pictures are enlarged pixel by pixel. */
export async function platePng({ height, words, pictures }: Plate): Promise<Blob> {
  const { canvas, pen } = canvasOf(WIDTH, height);
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, WIDTH, height);
  for (const { figure, x, y, side } of pictures) {
    pen.imageSmoothingEnabled = figure.width > 96;
    pen.drawImage(await loadImage(figure.url), x, y, side, side);
  }
  pen.fillStyle = '#1f1d1a';
  for (const { text, x, y, size, width, bold } of words) {
    pen.font = `${bold ? 600 : 400} ${size}px ${FONT}`;
    pen.fillText(text, x, y, width);
  }
  return toBlob(canvas);
}

/** The same as an SVG that holds its pictures. */
export async function plateSvg({ height, words, pictures }: Plate): Promise<Blob> {
  const images = await Promise.all(
    pictures.map(async ({ figure, x, y, side }) => {
      const bytes = new Uint8Array(await (await fetch(figure.url)).arrayBuffer());
      const crisp = figure.width <= 96 ? ' style="image-rendering:pixelated"' : '';
      return `<image x="${x}" y="${y}" width="${side}" height="${side}"${crisp} href="${dataUri(bytes)}"/>`;
    }),
  );
  const texts = words.map(
    ({ text, x, y, size, bold }) =>
      `<text x="${x}" y="${y}" font-size="${size}"${bold ? ' font-weight="600"' : ''}>${escapeHtml(text)}</text>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="${escapeHtml(FONT)}" fill="#1f1d1a"><rect width="100%" height="100%" fill="#fff"/>${images.join('')}${texts.join('')}</svg>`;
  return new Blob([svg], { type: 'image/svg+xml' });
}
