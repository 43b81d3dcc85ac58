import type { GuidanceInterval } from '../diffusion/guidance-interval.ts';
import type { Models } from '../models/model.ts';
import { type Composition, callsOn } from './composition.ts';
import { enlarging } from './enlarging.ts';
import { type Figure, figure, type Part, type Stage } from './experiment.ts';
import { enlargedAs, type StageTwo, stageTwoOf } from './params.ts';
import { noiseOf, pushed, type Way, walk } from './walk.ts';

export interface Drawing extends StageTwo, Pick<Part, 'key' | 'alone'> {
  /** What its result depends on beside seed, guidance and stage II. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly compose: Composition;
  readonly way: () => Way;
  readonly guidanceScale: number;
  /** The calls it really makes, where not every step asks for all that is composed, or something else is asked too. */
  readonly counted?: (stage: Stage, calls: number, steps: number) => number;
  /** The composition remembers the steps before: an estimator of it counts, or weighs. */
  readonly remembers?: boolean;
  /** Where stage I is guided; everywhere without one. */
  readonly interval?: GuidanceInterval | undefined;
  readonly seed: number;
  readonly figure: Omit<Figure, 'image' | 'row' | 'seed'>;
  readonly rows: readonly [stageOne: string, stageTwo: string];
}

/** One picture, drawn by stage I from noise and, where that is wanted and can be done, enlarged by stage II. */
export function drawing(picture: Drawing, models: Models): Part {
  const { base } = models;
  const { key, alone, compose, way, guidanceScale, interval, seed, rows, ...rest } = picture;
  const counted = (stage: Stage, steps: number, calls: number) =>
    picture.counted?.(stage, calls, steps) ?? calls;
  const enlargement = enlarging({ label: key, compose, ...stageTwoOf(picture) }, models);
  const calls = {
    base: counted('base', way().timesteps.length - 1, callsOn(way(), compose, guidanceScale, interval)),
    upscaler: enlargement ? counted('upscaler', enlargement.steps, enlargement.calls) : 0,
  };
  return {
    key,
    alone,
    inputs: {
      ...rest.inputs,
      ...(interval && { interval }),
      guidanceScale,
      seed,
      upscale: enlargedAs(picture),
    },
    calls,
    async *run(context) {
      const noise = noiseOf(base, seed);
      const stageOne = way();
      const drawn = { stage: 'base' as const, label: key, calls: calls.base };
      const small = yield* walk(context, drawn, noise('start', stageOne.timesteps[0]!), {
        ...stageOne,
        estimator: compose(pushed(base.estimator, guidanceScale, interval), base.sampleSize),
        noise,
        remembers: picture.remembers,
      });
      yield figure({ ...rest.figure, row: rows[0], image: small, seed });
      if (!enlargement) return;
      const large = yield* enlargement.run(context, small, noise, calls.upscaler);
      yield figure({ ...rest.figure, id: `${rest.figure.id}-ii`, row: rows[1], image: large, seed });
    },
  };
}
