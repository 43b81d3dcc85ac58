import * as z from 'zod';
import { type Component, type FactorizationName, factorizations } from '../diffusion/components.ts';
import { RecipeError } from '../errors.ts';
import { full, type Tensor } from '../tensor/tensor.ts';
import type { RunContext } from './experiment.ts';
import { blurOfHybrids, checkKernel } from './params.ts';

const MASK = 'meadow-centre';
const SHARE = 0.5;

/** How pictures are taken apart, and what that needs. */
export const splitParams = <Name extends FactorizationName>(
  names: readonly [Name, ...Name[]],
  usual: Name,
) => ({
  factorization: z
    .enum(names)
    .default(usual as z.util.NoUndefined<Name>)
    .describe(
      `how pictures are taken apart. ${names.map((name) => `${name}: ${factorizations[name].parts.join(', ')}`).join('; ')}`,
    ),
  ...blurOfHybrids,
  mask: z.string().min(1).default(MASK).meta({
    kind: 'mask',
    description: 'of the factorization mask: a mask file, white where its first part is, or a built-in one',
  }),
});

export const shareParam = z
  .number()
  .min(-3)
  .max(4)
  .default(SHARE)
  .describe(
    'of the factorization shares: how much the first counts; below 0 it is negated, above 1 the rest is',
  );

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
  /** Reads for pictures of a size what has to be read. */
  prepare(context: Pick<RunContext, 'mask'>, size: number, picture?: string): Promise<void>;
}

/** @throws {RecipeError} when something is given that this way to take pictures apart has no use for */
export function splitting({ factorization, kernelSize, sigma, mask, share = SHARE }: Split): Splitting {
  checkKernel(kernelSize);
  const [masked, shared] = [factorization === 'mask', factorization === 'shares'];
  if (!masked && mask !== MASK) throw useless('mask', factorization);
  if (!shared && share !== SHARE) throw useless('share', factorization, 'shares');
  const known = new Map<number, Tensor>();
  return {
    parts: factorizations[factorization].parts,
    inputs: { factorization, kernelSize, sigma, ...(masked && { mask }), ...(shared && { share }) },
    pictures: masked ? [mask] : [],
    components: (size) =>
      factorizations[factorization].components(size, {
        kernelSize,
        sigma,
        share,
        mask: known.get(size) ?? full([1, 1, size, size], 1),
      }),
    async prepare(context, size, picture) {
      if (masked && !known.has(size)) known.set(size, await context.mask(mask, size, picture));
    },
  };
}

const useless = (name: string, factorization: string, fits = name): RecipeError =>
  new RecipeError(
    name,
    `${factorization} has no use for it`,
    `take pictures apart by --factorization ${fits}, or leave it out`,
  );
