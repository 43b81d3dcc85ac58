import type { Verdict } from '../diffusion/verdict.ts';

type Judged = Pick<Verdict, 'alignment' | 'concealment'>;

/** What verdicts are ranked by: how far the weakest side is seen, as far as the sides hide each other. */
export const rank = ({ alignment, concealment }: Judged): number =>
  alignment > 0 ? alignment * concealment : alignment / concealment;

/** What was judged, best first. */
export const ranked = <T extends { readonly verdict?: Judged | undefined }>(items: readonly T[]): T[] =>
  items.filter(({ verdict }) => verdict).toSorted((a, b) => rank(b.verdict!) - rank(a.verdict!));
