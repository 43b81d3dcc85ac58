import type { Marks } from './job.ts';

type FigureMarks = NonNullable<Marks['figureMarks']>;

/** The marks of a job after others have been given: what is left out stays, an empty title and `false` are none. */
export function marked(before: Marks, given: Marks): Marks {
  const title = given.title ?? before.title;
  const figures = markedFigures(before.figureMarks ?? {}, given.figureMarks ?? {});
  return {
    ...(title ? { title } : {}),
    ...flags(before, given),
    ...(Object.keys(figures).length > 0 ? { figureMarks: figures } : {}),
  };
}

/** A job without its marks. */
export function unmarked<T extends Marks>(job: T): Omit<T, keyof Marks> {
  const { title: _, starred: __, away: ___, figureMarks: ____, ...rest } = job;
  return rest;
}

type Flags = Pick<Marks, 'starred' | 'away'>;

function flags(before: Flags, given: Flags): Flags {
  const starred = given.starred ?? before.starred;
  const away = given.away ?? before.away;
  return { ...(starred ? { starred } : {}), ...(away ? { away } : {}) };
}

const markedFigures = (before: FigureMarks, given: FigureMarks): FigureMarks =>
  Object.fromEntries(
    [...new Set([...Object.keys(before), ...Object.keys(given)])]
      .map((id) => [id, flags(before[id] ?? {}, given[id] ?? {})] as const)
      .filter(([, marks]) => Object.keys(marks).length > 0),
  );
