import type { FigureInfo } from '../src/server/api-types.ts';

/** Rows and columns in the order in which the figures name them. */
export function tableOf(figures: readonly FigureInfo[]) {
  return {
    rows: [...new Set(figures.map(({ row }) => row))],
    columns: [...new Set(figures.map(({ column }) => column))],
    at: (row: string, column: string) =>
      figures.filter((figure) => figure.row === row && figure.column === column),
  };
}

/** "An oil painting, 20 steps" */
export const nameOf = ({ row, column }: FigureInfo): string => [column, row].filter(Boolean).join(', ');
