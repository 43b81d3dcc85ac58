import { dataUri, escapeHtml } from '../../src/gallery/html.ts';
import type { FigureInfo } from '../../src/server/api-types.ts';
import { tableOf } from '../figure-table.ts';
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

/** Figures with their captions, laid out for a slide: a table where they are one, else lines that wrap. */
export function plateOf(title: string, figures: readonly FigureInfo[]): Plate {
  const { rows, columns, sparse, at, of } = tableOf(figures);
  const table = rows.length > 1 && !sparse;
  const head = rows.some(Boolean) ? 220 : 0;
  const most = table ? columns.length : Math.min(6, Math.max(...rows.map((row) => of(row).length)));
  const side = Math.min(640, Math.floor((WIDTH - 2 * MARGIN - head - (most - 1) * GAP) / most));
  const words: Word[] = [
    { text: title, x: MARGIN, y: MARGIN + TITLE * 0.8, size: TITLE, width: WIDTH - 2 * MARGIN, bold: true },
  ];
  const pictures: Placed[] = [];
  let y = MARGIN + TITLE + 2 * GAP;
  const put = (figure: FigureInfo, place: number, top: number) => {
    const x = MARGIN + head + place * (side + GAP);
    pictures.push({ figure, x, y: top, side });
    const says = [
      table ? '' : figure.column,
      figure.caption === figure.column ? '' : figure.caption,
      numbersOf(figure),
    ];
    says.filter(Boolean).forEach((text, i) => {
      words.push({
        text: text!,
        x,
        y: top + side + (i + 1) * LINE,
        size: WORDS,
        width: side,
        bold: i === 0 && !table,
      });
    });
  };
  if (table) {
    columns.forEach((text, i) => {
      words.push({
        text,
        x: MARGIN + head + i * (side + GAP),
        y: y + WORDS,
        size: WORDS,
        width: side,
        bold: true,
      });
    });
    y += LINE + GAP / 2;
  }
  for (const row of rows) {
    const line = table ? columns.flatMap((column) => at(row, column)) : of(row);
    if (row) words.push({ text: row, x: MARGIN, y: y + WORDS, size: WORDS, width: head - GAP, bold: true });
    line.forEach((figure, i) => {
      const place = table ? columns.indexOf(figure.column) : i % most;
      put(figure, place, y + (table ? 0 : Math.floor(i / most) * (side + 3 * LINE + GAP)));
    });
    y += (table ? 1 : Math.ceil(line.length / most)) * (side + 3 * LINE + GAP);
  }
  return { height: Math.ceil(y + MARGIN - GAP), words: words.map(fitting), pictures };
}

/** Letters are about half as wide as they are high; what does not fit ends in dots. */
const fitting = (word: Word): Word => {
  const most = Math.floor(word.width / (0.52 * word.size));
  return word.text.length <= most ? word : { ...word, text: `${word.text.slice(0, most - 1).trimEnd()}…` };
};

const numbersOf = ({ t, psnr, seed }: FigureInfo): string =>
  [
    t !== undefined && `t = ${t}`,
    psnr !== undefined && `PSNR ${psnr.toFixed(1)} dB`,
    seed !== undefined && `seed ${seed}`,
  ]
    .filter(Boolean)
    .join(' · ');

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
