import { expect, test } from 'vitest';
import * as z from 'zod';
import { plainly } from './plainly.ts';

const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);

test.each<[z.ZodType, unknown, string]>([
  [z.int().max(32), 40, 'expected at most 32, got 40'],
  [z.int().positive(), -4, 'expected more than 0, got -4'],
  [z.int(), 1.5, 'expected a whole number, got 1.5'],
  [z.number(), Number.NaN, 'expected a number, got something that is no number'],
  [z.number(), undefined, 'expected a number, got nothing'],
  [z.number(), 'x', 'expected a number, got "x"'],
  [z.array(z.int()).max(2), [1, 2, 3], 'expected at most 2 values, got 3'],
  [z.string().min(1), '', 'expected at least 1 characters, got 0'],
  [z.enum(['ddpm', 'ddim']), 'euler', 'expected one of ddpm, ddim, got "euler"'],
  [z.literal('epsilon'), 'sample', 'expected epsilon, got "sample"'],
  [z.object({}), null, 'expected an object, got null'],
  [z.record(z.string(), z.unknown()), 1, 'expected an object, got 1'],
  [z.int().multipleOf(8), 12, 'expected a multiple of 8, got 12'],
  [z.strictObject({}), { colour: 1 }, 'there is no field "colour"'],
  [z.union([z.boolean(), z.enum(['true'])]), 5, 'expected true or false, got 5, or expected true, got 5'],
  [
    z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]),
    { kind: 'c' },
    'expected one of a, b, got "c"',
  ],
  [z.string(), deep, 'expected a text, got something nested too deeply'],
  [z.string().regex(/^a/, 'Expected an a'), 'b', 'expected an a'],
])('%#: what was expected and what was got', (schema, input, words) => {
  expect(plainly(schema.safeParse(input, { reportInput: true }).error!.issues[0]!)).toBe(words);
});
