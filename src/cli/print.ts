import PDFDocument from 'pdfkit';
import { type Cut, cutsOf, piecesOf } from '../diffusion/places.ts';

/** An A4 page, in points: 72 to the inch. */
const PAGE = { width: 595.28, height: 841.89 };
const CENTIMETRE = 72 / 2.54;
/** More pieces than this nobody cuts out: then both pictures are printed. */
const MOST_PIECES = 150;

/** A picture that is to be printed, PNG, and how many pixels wide it is. */
export interface Printed {
  readonly png: Uint8Array;
  readonly size: number;
  readonly caption: string;
}

/** An anagram: what it shows turned, and for each place of that the index of the pixel it comes from. */
export interface PrintedAnagram extends Printed {
  readonly turned: { readonly png: Uint8Array; readonly caption: string; readonly gesture: string };
  readonly sources?: Int32Array | undefined;
}

/** Of how many pieces an anagram is laid out anew; 1 when it turns as a whole, or by its colours. */
const piecesToLay = ({ sources, size }: PrintedAnagram): number =>
  sources ? piecesOf(cutsOf(sources, size), size, size) : 1;

/**
 * An anagram to print: the picture 16 cm wide, with lines to cut along where its pieces part, and how they are laid; one
 * that turns as a whole with a caption on either side.
 */
export function printAnagram(picture: PrintedAnagram): Promise<Buffer> {
  const { png, size, caption, turned, sources } = picture;
  const count = piecesToLay(picture);
  const side = 16 * CENTIMETRE;
  const left = (PAGE.width - side) / 2;
  const top = 3.5 * CENTIMETRE;
  return document(`${caption} / ${turned.caption}`, (pdf) => {
    pdf.image(Buffer.from(png), left, top, { width: side, height: side });
    if (sources && count > 1 && count <= MOST_PIECES)
      drawCuts(pdf, cutsOf(sources, size), left, top, side / size);
    said(pdf, caption, top + side + 10);
    if (count > 1) {
      const words =
        count <= MOST_PIECES
          ? `Cut it into ${count} pieces along the lines, and lay them like this:`
          : `${turned.gesture}, in ${count} pieces, too many to cut:`;
      said(pdf, words, top + side + 34, 9);
      const small = 5 * CENTIMETRE;
      pdf.image(Buffer.from(turned.png), (PAGE.width - small) / 2, top + side + 52, {
        width: small,
        height: small,
      });
      said(pdf, turned.caption, top + side + 58 + small);
    } else {
      // For those who have turned the page.
      pdf.save().rotate(180, { origin: [PAGE.width / 2, top / 2 + 8] });
      said(pdf, turned.caption, top / 2);
      pdf.restore();
      said(pdf, `${turned.gesture}: ${turned.caption}`, top + side + 34, 9);
    }
  });
}

/** A hybrid to print at three sizes, as if at three distances. */
export function printHybrid({ png, caption }: Printed, far: string): Promise<Buffer> {
  return document(`${caption} / ${far}`, (pdf) => {
    let top = 2 * CENTIMETRE;
    for (const [centimetres, words] of [
      [15, `from near: ${caption}`],
      [4.5, 'from the middle of the room'],
      [1.4, `from afar: ${far}`],
    ] as const) {
      const side = centimetres * CENTIMETRE;
      pdf.image(Buffer.from(png), (PAGE.width - side) / 2, top, { width: side, height: side });
      said(pdf, words, top + side + 8, 10);
      top += side + 34;
    }
  });
}

function document(title: string, draw: (pdf: PDFKit.PDFDocument) => void): Promise<Buffer> {
  const pdf = new PDFDocument({
    size: [PAGE.width, PAGE.height],
    margin: 0,
    info: { Title: title, Producer: 'campanile' },
  });
  const parts: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (part: Buffer) => parts.push(part));
    pdf.on('end', () => resolve(Buffer.concat(parts)));
    pdf.on('error', reject);
  });
  draw(pdf);
  pdf.end();
  return whole;
}

const said = (pdf: PDFKit.PDFDocument, words: string, y: number, size = 12): void =>
  void pdf.fontSize(size).text(words, CENTIMETRE, y, { width: PAGE.width - 2 * CENTIMETRE, align: 'center' });

/** White below and black dashes above: seen on every picture. */
function drawCuts(
  pdf: PDFKit.PDFDocument,
  cuts: readonly Cut[],
  left: number,
  top: number,
  pixel: number,
): void {
  const along = () => {
    for (const { y, x, dx, dy } of cuts)
      pdf
        .moveTo(left + (x + dx) * pixel, top + (y + dy) * pixel)
        .lineTo(left + (x + 1) * pixel, top + (y + 1) * pixel);
    return pdf.lineWidth(0.5);
  };
  along().strokeColor('white').stroke();
  along().dash(2, { space: 2 }).strokeColor('black').stroke().undash();
}
