import type { Extra, ExtraGiven, MakeExtra } from '../extra.ts';

/** The word of an experiment → what its figure shows beside; fetched when such a figure opens. */
const extras: Readonly<Record<string, () => Promise<{ extra: MakeExtra }>>> = {
  forward: () => import('./histogram.ts'),
  blur: () => import('./best-blur.ts'),
};

export const extraOf = async (experiment: string, given: ExtraGiven): Promise<Extra | undefined> =>
  (await extras[experiment]?.())?.extra(given);
