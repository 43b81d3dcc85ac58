/** Where a figure stands among those of its section. */
export interface Place {
  readonly row: string;
  readonly column: string;
}

export interface Table<T> {
  readonly columns: readonly string[];
  readonly rows: readonly Row<T>[];
}

export interface Row<T> {
  readonly name: string;
  /** As many as there are columns: what stands there, mostly one. */
  readonly cells: readonly (readonly T[])[];
}

/**
 * The tables that figures form: rows and columns in order of appearance. A row that shares no column with the rows before
 * it begins a new table, since in one with them its pictures would lie on the diagonal.
 */
export function tables<T>(items: readonly T[], placeOf: (item: T) => Place): Table<T>[] {
  const rows = new Map<string, Map<string, T[]>>();
  for (const item of items) {
    const { row, column } = placeOf(item);
    const cells = rows.get(row) ?? new Map<string, T[]>();
    rows.set(row, cells.set(column, [...(cells.get(column) ?? []), item]));
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
    rows: names.map((name) => ({
      name,
      cells: [...columns].map((column) => rows.get(name)!.get(column) ?? []),
    })),
  }));
}

/** A single row needs no table: it may wrap. */
export const isStrip = ({ rows }: Table<unknown>): boolean => rows.length === 1;
