import type { Experiment, Figure } from '../experiments/experiment.ts';

/** What a section says: the parts of an experiment's record that the page prints. */
export interface SectionText
  extends Pick<Experiment, 'id' | 'title' | 'text' | 'formula' | 'remark' | 'example'> {
  /** In the place of `text`: HTML, `markdownHtml` of somebody's own words. */
  readonly html?: string | undefined;
}

/** How a picture with a `view` is turned. One of `css` and `png` is enough. */
export interface Turn {
  /** What happens to it, as in "flipped upside down". */
  readonly gesture: string;
  /** A CSS transform that does it. */
  readonly css?: string | undefined;
  /** The picture as the view shows it, faded in where no transform can do it. */
  readonly png?: Uint8Array | undefined;
}

export interface PagePicture {
  readonly figure: Omit<Figure, 'image'>;
  /** The file, with its recipe inside. */
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly turn?: Turn | undefined;
  /** The recipe as JSON, to be read beside the large picture. */
  readonly recipe?: unknown;
  /** The line that makes it again. */
  readonly command?: string | undefined;
}

export interface Section {
  readonly experiment: SectionText;
  readonly pictures: readonly PagePicture[];
  /** Whether more pictures are being made. */
  readonly coming?: boolean | undefined;
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

export interface Row {
  readonly name: string;
  /** As many as there are columns; undefined where there is no picture. */
  readonly cells: readonly (PagePicture | undefined)[];
}

/**
 * The tables that the figures of a section form: rows and columns in order of appearance. A row that shares no column with
 * the rows before it begins a new table.
 */
export function tables(pictures: readonly PagePicture[]): Table[] {
  const rows = new Map<string, Map<string, PagePicture>>();
  for (const picture of pictures) {
    const { row, column } = picture.figure;
    const cells = rows.get(row) ?? new Map<string, PagePicture>();
    rows.set(row, cells.set(column, picture));
  }
  const groups: { columns: Set<string>; names: string[] }[] = [];
  for (const [name, cells] of rows) {
    const last = groups.at(-1);
    const shared = last && [...cells.keys()].some((column) => last.columns.has(column));
    const group = shared ? last : { columns: new Set<string>(), names: [] };
    if (!shared) groups.push(group);
    for (const column of cells.keys()) group.columns.add(column);
    group.names.push(name);
  }
  return groups.map(({ columns, names }) => ({
    columns: [...columns],
    rows: names.map((name) => ({ name, cells: [...columns].map((column) => rows.get(name)!.get(column)) })),
  }));
}
