import * as z from 'zod';
import { RecipeError } from '../errors.ts';
import { forksSchema } from '../experiments/recipe.ts';
import { plainly } from '../plainly.ts';
import { CARRIED } from './html.ts';

const markdown = 'Markdown; HTML is shown as it is written, and pictures come from experiments';
const id = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}-]*$/u, 'expected letters, digits and hyphens')
  .max(60)
  .describe('anchor on the page, and what --only names; by default the experiment’s word');

const sectionSchema = z
  .strictObject({
    experiment: z
      .string()
      .optional()
      .describe('word of the command, as in "sdedit"; without it the section is words alone'),
    id: id.optional(),
    title: z.string().min(1).max(200).optional().describe('by default the experiment’s'),
    text: z
      .string()
      .max(100_000)
      .optional()
      .describe(`${markdown}. By default what the experiment says of itself`),
    remark: z.string().max(2000).optional().describe('a short remark under the pictures'),
    params: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(
        'parameters of the experiment: prompts, seed, pictures, masks …; what is left out is the document’s',
      ),
    from: forksSchema.optional(),
  })
  .refine(
    ({ experiment, title, text }) => experiment !== undefined || (title !== undefined && text !== undefined),
    {
      message: 'expected an experiment, or a title and a text',
    },
  );

/** A page of one's own: what it shows and says. Its JSON Schema is docs/page.schema.json. */
export const documentSchema = z
  .strictObject({
    $schema: z.string().optional(),
    title: z.string().min(1).max(200),
    introduction: z.string().max(100_000).default('').describe(markdown),
    pictures: z
      .record(
        z.string(),
        z
          .string()
          .min(1)
          .refine((file) => !file.startsWith('data:') || CARRIED.test(file), {
            message: 'expected a file, or a picture as data:image/png;base64,…',
          }),
      )
      .default({})
      .describe(
        'names for pictures and masks: files beside this one, or what is in such a file as data:image/png;base64,…; parameters may use names or files',
      ),
    seed: z.int().min(0).max(0xffffffff).optional().describe('of every section that does not give its own'),
    sections: z.array(sectionSchema).min(1).max(200),
  })
  .meta({ title: 'A page of campanile' });

export type PageDocument = z.output<typeof documentSchema>;

/**
 * Reads a page of one's own.
 *
 * @param text  JSON
 * @param name  what to call it in messages
 * @throws {RecipeError} naming the first place that is wrong, and what was expected there
 */
export function readDocument(text: string, name: string): PageDocument {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new RecipeError(
      '',
      `${name} is not JSON: ${(cause as Error).message}`,
      'look for a missing comma or quote',
    );
  }
  const result = documentSchema.safeParse(json, { reportInput: true });
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new RecipeError(
    placeOf(issue.path),
    plainly(issue),
    `in ${name}; docs/pages.md says what may stand there`,
  );
}

/** `sections[2].params` */
export const placeOf = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
