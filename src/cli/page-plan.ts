import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PictureError, RecipeError } from '../errors.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { fieldsOf } from '../experiments/field.ts';
import { everyExperiment } from '../experiments/index.ts';
import { ownMasks, ownPictures } from '../experiments/own-pictures.ts';
import { parseParams } from '../experiments/recipe.ts';
import { markdownHtml, type PageDocument, placeOf, readDocument } from '../gallery/document.ts';
import type { SectionText } from '../gallery/section.ts';
import { commandOf } from './options.ts';
import type { Work } from './run.ts';

export interface PlannedSection {
  readonly text: SectionText;
  /** Absent where a section is words alone. */
  readonly work?: Work | undefined;
}

export interface PlannedPage {
  readonly title: string;
  /** HTML. */
  readonly introduction: string;
  readonly sections: readonly PlannedSection[];
}

export interface PagePlanOptions {
  /** A page of one's own; the document's without it. */
  readonly from?: string | undefined;
  /** Ids of sections; all without it. */
  readonly only?: readonly string[] | undefined;
  /** In the place of every section's seed. */
  readonly seed?: number | undefined;
}

/** The thirteen sections of the document. */
const ownDocument = fileURLToPath(
  new URL('../../docs/pages/the-power-of-diffusion-models.json', import.meta.url),
);

/**
 * What a page shows, checked before anything is opened or made.
 *
 * @throws {RecipeError} when the file cannot be read, or something in it is wrong: the message names the place
 */
export async function planPage({
  from = ownDocument,
  only,
  seed,
}: PagePlanOptions = {}): Promise<PlannedPage> {
  const text = await readFile(from, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new PictureError('page-missing', `there is no page ${from}`, {
      hint: 'check the path given to --from',
      cause,
    });
  });
  const document = readDocument(text, from);
  const taken = new Set<string>();
  const sections = document.sections.map((section, i) =>
    planSection(section, i, document, { from, seed, taken }),
  );
  for (const id of only ?? [])
    if (!taken.has(id))
      throw new RecipeError('--only', `there is no section "${id}"`, `sections: ${[...taken].join(', ')}`);
  return {
    title: document.title,
    introduction: markdownHtml(document.introduction),
    sections: sections.filter(({ text }) => only?.includes(text.id) ?? true),
  };
}

interface Planning {
  readonly from: string;
  readonly seed: number | undefined;
  readonly taken: Set<string>;
}

function planSection(
  section: PageDocument['sections'][number],
  i: number,
  document: PageDocument,
  { from, seed, taken }: Planning,
): PlannedSection {
  const place = `sections[${i}]`;
  const id = freeId(section, place, taken);
  const own = {
    id,
    ...(section.text !== undefined && { html: markdownHtml(section.text) }),
    remark: section.remark,
  };
  if (section.experiment === undefined)
    return { text: { title: section.title!, text: '', example: '', ...own } };
  const experiment = everyExperiment.find((known) => known.id === section.experiment);
  if (!experiment)
    throw new RecipeError(
      `${place}.experiment`,
      `there is no experiment "${section.experiment}"`,
      `there are ${everyExperiment.map((known) => known.id).join(', ')}`,
    );
  const given = withFiles(experiment, section.params ?? {}, document.pictures, dirname(from));
  const seeded = 'seed' in experiment.params.shape;
  const seeds = {
    ...(document.seed !== undefined && { seed: document.seed }),
    ...('seed' in given && { seed: given['seed'] }),
  };
  const typed = { ...given, ...(seeded && { ...seeds, ...(seed !== undefined && { seed }) }) };
  const params = parseParams(experiment, typed, {
    called: (path) => `${place}.params${path.length ? `.${placeOf(path)}` : ''}`,
    hint: `in ${from}; campanile ${experiment.id} --help lists the ranges`,
  });
  const { title, text, formula, remark, example } = experiment;
  return {
    work: { experiment, params },
    text: {
      formula,
      text,
      ...own,
      title: section.title ?? title,
      remark: section.remark ?? (section.text === undefined ? remark : undefined),
      example: section.params ? commandOf(experiment, params) : example,
    },
  };
}

function freeId(
  { id, experiment }: PageDocument['sections'][number],
  place: string,
  taken: Set<string>,
): string {
  if (id !== undefined && taken.has(id))
    throw new RecipeError(
      `${place}.id`,
      `"${id}" is another section's already`,
      'give each section an id of its own',
    );
  const stem = id ?? experiment ?? 'words';
  let free = stem;
  for (let n = 2; taken.has(free); n++) free = `${stem}-${n}`;
  taken.add(free);
  return free;
}

/** Names become the files they stand for; files are looked for beside the page. The project's own pictures stay names. */
function withFiles(
  experiment: Experiment,
  params: Readonly<Record<string, unknown>>,
  names: Readonly<Record<string, string>>,
  folder: string,
): Record<string, unknown> {
  const { properties } = fieldsOf(experiment);
  const isOwn = (reference: string) => [...ownPictures, ...ownMasks].some((name) => name === reference);
  const file = (reference: unknown): unknown => {
    if (typeof reference !== 'string' || /^https?:/i.test(reference)) return reference;
    const named = Object.hasOwn(names, reference) ? names[reference]! : undefined;
    if (named === undefined && isOwn(reference)) return reference;
    const path = named ?? reference;
    return isAbsolute(path) ? path : join(folder, path);
  };
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const { kind } = properties[name] ?? {};
      if (kind !== 'picture' && kind !== 'mask') return [name, value];
      return [name, Array.isArray(value) ? value.map(file) : file(value)];
    }),
  );
}
