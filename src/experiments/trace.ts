import type { Step } from '../diffusion/sampler.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** How fine a trace sees: cells to a side. */
export const CELLS = 4;

/** What is kept of one step: its walk and level, and x̂₀ as a grid of 4 × 4 means, in hundredths, row by row. */
export interface TracePoint {
  readonly label: string;
  readonly t: number;
  readonly cells: readonly number[];
}

export const tracePoint = (label: string, { t, x0 }: Pick<Step, 't' | 'x0'>): TracePoint => ({
  label,
  t,
  cells: cellMeans(x0).map((mean) => Math.round(100 * mean)),
});

/** The mean of everything in each cell: all pictures of the batch, all channels. */
export function cellMeans({ data, shape }: Tensor): number[] {
  const [h, w] = shape.slice(-2) as [number, number];
  const sums = new Array<number>(CELLS ** 2).fill(0);
  const counts = new Array<number>(CELLS ** 2).fill(0);
  const cellOf = (at: number, of: number) => Math.floor((at * CELLS) / of);
  const columns = Array.from({ length: w }, (_, x) => cellOf(x, w));
  for (let start = 0; start < data.length; start += w) {
    const row = CELLS * cellOf((start / w) % h, h);
    for (let x = 0; x < w; x++) {
      const cell = row + columns[x]!;
      sums[cell]! += data[start + x]!;
      counts[cell]!++;
    }
  }
  return sums.map((sum, i) => (counts[i] ? sum / counts[i]! : 0));
}

/** Where two runs part. */
export interface Departure {
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  readonly label: string;
  readonly t: number;
  /** Of the cell that differs most, from 1. */
  readonly row: number;
  readonly column: number;
}

/** Rounding moves a mean by less than this, in hundredths. */
const SLACK = 1;

/** The first step in which the traces are not the same to rounding; undefined while they are. */
export function departure(a: readonly TracePoint[], b: readonly TracePoint[]): Departure | undefined {
  for (const [i, { label, t, cells }] of a.entries()) {
    const other = b[i];
    const off = cells.map((mean, k) => Math.abs(mean - (other?.cells[k] ?? Number.POSITIVE_INFINITY)));
    const worst = Math.max(...off);
    if (other && other.t === t && worst <= SLACK) continue;
    const cell = off.indexOf(worst);
    return {
      step: i + 1,
      steps: a.length,
      label,
      t,
      row: Math.floor(cell / CELLS) + 1,
      column: (cell % CELLS) + 1,
    };
  }
  return undefined;
}
