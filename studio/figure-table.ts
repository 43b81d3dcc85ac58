import { type Table, tables } from '../src/gallery/tables.ts';
import type { FigureInfo } from '../src/server/api-types.ts';

/** As on the page: a table where rows share columns, else each row a line. */
export const tablesOf = (figures: readonly FigureInfo[]): Table<FigureInfo>[] =>
  tables(figures, (figure) => figure);

/** "An oil painting, 20 steps" */
export const nameOf = ({ row, column }: FigureInfo): string => [column, row].filter(Boolean).join(', ');

/** "t = 300 · PSNR 14.1 dB · seed 180", without what the figure's name says already. */
export const numbersOf = (figure: FigureInfo): string => {
  const { t, psnr, seed } = figure;
  return [
    t !== undefined && !nameOf(figure).includes(`t = ${t}`) && `t = ${t}`,
    psnr !== undefined && `PSNR ${psnr.toFixed(1)} dB`,
    seed !== undefined && !nameOf(figure).includes(`seed ${seed}`) && `seed ${seed}`,
  ]
    .filter(Boolean)
    .join(' · ');
};

/** What was made has a seed; what was given has none. */
const isGiven = ({ seed, t }: FigureInfo): boolean => seed === undefined && t === undefined;

/** The picture a figure was made from: the given one of its row, or of the run. */
export const givenOf = (figures: readonly FigureInfo[], figure: FigureInfo): FigureInfo | undefined =>
  figures.find((one) => isGiven(one) && one.row === figure.row && one.column === ORIGINAL) ??
  figures.find((one) => isGiven(one) && one.column === ORIGINAL);

/** How every experiment calls the column of what was given. */
const ORIGINAL = 'Original';

/** What one wants to see beside a figure: the others of its column, or what it was made from; at most two. */
export function companionsOf(figures: readonly FigureInfo[], figure: FigureInfo): readonly FigureInfo[] {
  const column = figures.filter(
    (one) => one.column === figure.column && one.id !== figure.id && one.row !== figure.row,
  );
  if (column.length > 0) return column.slice(0, 2);
  const given = givenOf(figures, figure);
  return given && given.id !== figure.id ? [given] : [];
}

/** Few pixels are shown as what they are. */
export const coarse = (width: number): string => (width <= 96 ? 'coarse' : '');
