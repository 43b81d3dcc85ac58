import { ranked } from '../src/experiments/rank.ts';
import type { FigureInfo } from '../src/server/api-types.ts';

/** Figures that show several things are looked at together, each with all its sides at once. */
export const isSheet = (figures: readonly FigureInfo[]): boolean =>
  figures.filter(({ sides }) => sides !== undefined).length > 1;

/** One picture, as it was tried and as it was drawn again and enlarged: the largest is shown, marks are of the first. */
export interface Candidate {
  readonly marked: string;
  readonly figure: FigureInfo;
  readonly verdict: FigureInfo['verdict'];
}

/** Those that have sides: the best first, and last what nobody judged. */
export function candidatesIn(figures: readonly FigureInfo[]): readonly Candidate[] {
  const same = new Map<string, FigureInfo[]>();
  for (const figure of figures) {
    if (!figure.sides) continue;
    const sides = figure.sides.map(({ view, caption, part }) => [view, caption, part]);
    const key = JSON.stringify([sides, figure.seed]);
    same.set(key, [...(same.get(key) ?? []), figure]);
  }
  const all = [...same.values()].map((versions) => ({
    marked: versions[0]!.id,
    figure: versions.toSorted((a, b) => b.width - a.width)[0]!,
    verdict: versions.find(({ verdict }) => verdict)?.verdict,
  }));
  return [...ranked(all), ...all.filter(({ verdict }) => !verdict)];
}
