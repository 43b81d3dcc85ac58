import type { Picture } from '../images/picture.ts';
import { contactSheet } from '../images/sheet.ts';

/** A tile of a sheet and the line below it. */
export interface Labelled {
  readonly picture: Picture;
  readonly label: string;
}

const GAP = 18;
/** So many letters of the label fit under a tile, as a rule. */
const LETTERS = 6;

/**
 * A contact sheet with a line under each tile; what does not fit ends in an ellipsis.
 *
 * @param tile  width and height of the pictures on it, in pixels
 */
export async function labelledSheet(
  items: readonly Labelled[],
  columns: number,
  tile = 128,
): Promise<Picture> {
  const { width, height, data } = contactSheet(
    items.map(({ picture }) => picture),
    { columns, width: tile, gap: GAP },
  );
  const letters = Math.floor((tile + GAP) / LETTERS);
  const labels = items.map(({ label }, i) => {
    const x = GAP + (i % columns) * (tile + GAP);
    const y = GAP + Math.floor(i / columns) * (tile + GAP) + tile + 12;
    return `<text x="${x}" y="${y}">${escaped(fitting(label, letters))}</text>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g font-family="sans-serif" font-size="11" fill="#222">${labels.join('')}</g></svg>`;
  const { default: sharp } = await import('sharp');
  const labelled = await sharp(data, { raw: { width, height, channels: 3 } })
    .composite([{ input: Buffer.from(svg) }])
    .removeAlpha()
    .raw()
    .toBuffer();
  return { width, height, channels: 3, data: labelled };
}

const fitting = (text: string, letters: number): string =>
  text.length <= letters ? text : `${text.slice(0, letters - 1).trimEnd()}…`;

const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** How far a side is seen, of a hundred: a judge's share, or the model's own evidence; nothing of one that has no prompt. */
export const shareSeen = (
  { by, sides }: { readonly by?: string | undefined; readonly sides: readonly { readonly gain: number }[] },
  side: number,
): string => {
  const gain = sides[side]?.gain;
  return gain === undefined ? '' : `${(100 * gain).toFixed(by ? 0 : 1)} %`;
};
