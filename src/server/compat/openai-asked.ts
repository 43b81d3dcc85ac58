import * as z from 'zod';
import { promptText } from '../../experiments/params.ts';
import type { Capability } from '../api-types.ts';
import { type Run, unheeded, type Wishes } from './borrowed.ts';
import type { Framing, Inscription } from './given.ts';

const LARGEST = 2048;

/** `256x256` */
const size = z
  .string()
  .regex(/^(auto|\d{1,4}x\d{1,4})$/, 'expected auto or <width>x<height>, as in 256x256')
  .refine(
    (text) =>
      text === 'auto' || text.split('x').every((side) => Number(side) >= 8 && Number(side) <= LARGEST),
    `expected sides from 8 to ${LARGEST}`,
  );

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** What OpenAI's images API asks. What is not heeded is told in the answer's warnings. */
export const generation = z
  .looseObject({
    prompt: promptText.min(1),
    n: z.coerce.number().int().min(1).max(4).nullish(),
    size: size.nullish(),
    seed: z.coerce.number().int().nullish(),
    response_format: z.enum(['b64_json', 'url']).nullish(),
    stream: flag.nullish(),
    partial_images: z.coerce.number().int().min(0).max(3).nullish(),
    model: z.string().nullish(),
  })
  .refine(({ stream, n }) => !stream || (n ?? 1) === 1, {
    path: ['n'],
    message: 'expected 1 in a stream: it tells of one picture',
  });

/** An edit has a strength beside: the less, the more of the picture is kept; 1 forgets it. */
export const edit = generation.safeExtend({ strength: z.coerce.number().gt(0).max(1).nullish() });

export type OpenaiAsked = z.output<typeof edit>;

/** What says something, but nothing about the picture, and values that are what is done anyway. */
const idle = {
  quality: ['auto', 'standard'],
  background: ['auto', 'opaque'],
  moderation: ['auto', 'low'],
  output_format: ['png'],
  output_compression: [100, '100'],
};
const heeded = [...Object.keys(edit.shape), 'user'];

/** A line for each thing that is asked for and not done. */
export function openaiPassedOver(asked: OpenaiAsked, model: string): string[] {
  const { stream, partial_images: partials, response_format: format, model: named = model } = asked;
  return [
    ...unheeded(asked, heeded, idle),
    ...(named === model || named === null ? [] : [`model: ${model} has drawn it, nothing else is here`]),
    ...(partials && !stream ? ['partial_images: passed over, only a stream has them'] : []),
    ...(format === 'url' && stream ? ['response_format: passed over, a stream has the picture itself'] : []),
  ];
}

export function openaiSize({ size }: OpenaiAsked): { width: number; height: number } | undefined {
  if (!size || size === 'auto') return undefined;
  const [width, height] = size.split('x').map(Number) as [number, number];
  return { width, height };
}

/** A request for pictures, ready to be drawn. */
export interface Order {
  readonly capability: Capability;
  readonly asked: OpenaiAsked;
  readonly wishes: Omit<Wishes, 'seed'>;
  readonly frame: Framing;
  readonly warnings: readonly string[];
}

export const toldOf = ({ job }: Run): Inscription => {
  const { seed } = job.recipe.params;
  return { job, readable: seed === undefined ? '' : `seed ${seed}` };
};

export const now = () => Math.floor(Date.now() / 1000);
