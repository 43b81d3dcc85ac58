import * as z from 'zod';
import {
  type Component,
  type FactorizationName,
  factorizations,
  type SplitOptions,
} from '../diffusion/components.ts';
import type { Models } from '../models/model.ts';
import { full, type Tensor } from '../tensor/tensor.ts';
import type { PartSeen } from './as-seen.ts';
import type { Part, RunContext } from './experiment.ts';
import { type Unless, uselessWith } from './field.ts';
import { blurOfHybrids, checkKernel } from './params.ts';

const MASK = 'meadow-centre';
const SHARE = 0.5;

/** All of these but those that take something: with them it does nothing. */
const without = (names: readonly FactorizationName[], option: keyof SplitOptions): Unless => ({
  factorization: names.filter((name) => !factorizations[name].takes.includes(option)),
});

/** How pictures are taken apart, and what that needs. */
export function splitParams<Name extends FactorizationName>(
  names: readonly [Name, ...Name[]],
  usual: Name,
  description = 'how pictures are taken apart',
) {
  const { kernelSize, sigma } = blurOfHybrids;
  return {
    factorization: z
      .enum(names)
      .default(usual as z.util.NoUndefined<Name>)
      .describe(
        `${description}. ${names.map((name) => `${name}: ${factorizations[name].parts.join(', ')}`).join('; ')}`,
      ),
    kernelSize: uselessWith(kernelSize, without(names, 'kernelSize')),
    sigma: uselessWith(sigma, without(names, 'sigma')),
    mask: z
      .string()
      .min(1)
      .default(MASK)
      .meta({
        kind: 'mask',
        unless: without(names, 'mask'),
        description:
          'of the factorization mask: a mask file, white where its first part is, or a built-in one',
      }),
  };
}

/** How much the first of two counts; of names without `shares` nobody asks. */
export const shareParam = (names: readonly FactorizationName[]) =>
  z
    .number()
    .min(-3)
    .max(4)
    .default(SHARE)
    .meta({
      unless: without(names, 'share'),
      description:
        'of the factorization shares: how much the first counts; below 0 it is negated, above 1 the rest is',
    });

interface Split {
  readonly factorization: FactorizationName;
  readonly kernelSize: number;
  readonly sigma: number;
  readonly mask: string;
  readonly share?: number;
}

/** A way to take pictures apart, with all that it needs. */
export interface Splitting {
  readonly parts: readonly string[];
  /** What a result depends on. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** References of masks. */
  readonly pictures: readonly string[];
  /** The components of pictures of a size; of a mask that is not read yet, any. */
  components(size: number): Component[];
  /** How a finished picture is looked at for each part; undefined: as a whole. */
  looks(size: number): (Component | undefined)[];
  /** Whether a part is to be seen: one that is negated is not. */
  shows(index: number): boolean;
  /** How a figure says that a part is looked at; undefined where the whole is shown, as of a mask, which is no part of a figure. */
  partSeen(index: number): PartSeen | undefined;
  /** Reads for pictures of a size what has to be read. */
  prepare(context: Pick<RunContext, 'mask'>, size: number, picture?: string): Promise<void>;
}

/** @throws {RecipeError} when the kernel is none */
export function splitting({ factorization, share = SHARE, ...split }: Split): Splitting {
  checkKernel(split.kernelSize);
  const record = factorizations[factorization];
  const taken = Object.fromEntries(record.takes.map((name) => [name, { ...split, share }[name]]));
  const masked = record.takes.includes('mask');
  const known = new Map<number, Tensor>();
  const options = (size: number) => ({
    ...split,
    share,
    mask: known.get(size) ?? full([1, 1, size, size], 1),
  });
  const shares = record.takes.includes('share') ? [share, 1 - share] : [];
  return {
    parts: record.parts,
    inputs: { factorization, ...taken },
    pictures: masked ? [split.mask] : [],
    components: (size) => record.components(size, options(size)),
    looks: (size) => record.looks(size, options(size)),
    shows: (index) => (shares[index] ?? 1) > 0,
    partSeen(index) {
      if (masked || !record.looks(64, options(64))[index]) return undefined;
      return { factorization, index, ...taken };
    },
    async prepare(context, size, picture) {
      if (masked && !known.has(size)) known.set(size, await context.mask(split.mask, size, picture));
    },
  };
}

/** A part that reads first what its components need, for pictures of stage I, and of stage II where it is enlarged. */
export const prepared = (
  part: Part,
  split: Splitting,
  { base, upscaler }: Models,
  upscale = false,
): Part => ({
  ...part,
  pictures: [...(part.pictures ?? []), ...split.pictures],
  async *run(context) {
    await split.prepare(context, base.sampleSize);
    if (upscale && upscaler) await split.prepare(context, upscaler.sampleSize);
    yield* part.run(context);
  },
});
