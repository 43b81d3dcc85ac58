import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PictureError, RecipeError } from '../errors.ts';
import { disorderIn } from '../experiments/branch.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { everyExperiment } from '../experiments/index.ts';
import { seed as seedParam } from '../experiments/params.ts';
import { parseParams } from '../experiments/recipe.ts';
import { type PageDocument, placeOf, readDocument } from '../gallery/document.ts';
import { markdownHtml } from '../gallery/markdown.ts';
import type { SectionText } from '../gallery/section.ts';
import { plainly } from '../plainly.ts';
import { commandOf } from './options.ts';
import { type CarriedPicture, carriedPictures, type FileOf, filesOf, withFiles } from './page-pictures.ts';
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
  /** Pictures that the page has in its own file: they have to be written before anything is made. */
  readonly carried: readonly CarriedPicture[];
}

export interface PagePlanOptions {
  /** A page of one's own; the document's without it. */
  readonly from?: string | undefined;
  /** Ids of sections; all without it. */
  readonly only?: readonly string[] | undefined;
  /** In the place of every section's seed. */
  readonly seed?: number | undefined;
  /** Where the page goes, and the pictures that its file carries. */
  readonly out?: string | undefined;
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
  out = 'out',
}: PagePlanOptions = {}): Promise<PlannedPage> {
  const [wrong] = seedParam.optional().safeParse(seed, { reportInput: true }).error?.issues ?? [];
  if (wrong) throw new RecipeError('--seed', plainly(wrong));
  const text = await readFile(from, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new PictureError('page-missing', `there is no page ${from}`, {
      hint: 'check the path given to --from',
      cause,
    });
  });
  const document = readDocument(text, from);
  const taken = new Set<string>();
  const carried = carriedPictures(document.pictures, out);
  const fileOf = filesOf(from, document.pictures, carried);
  const sections = document.sections.map((section, i) =>
    planSection(section, i, { page: from, seed, usualSeed: document.seed, fileOf, taken }),
  );
  for (const id of only ?? [])
    if (!taken.has(id))
      throw new RecipeError('--only', `there is no section "${id}"`, `sections: ${[...taken].join(', ')}`);
  return {
    title: document.title,
    introduction: markdownHtml(document.introduction),
    sections: sections.filter(({ text }) => only?.includes(text.id) ?? true),
    carried,
  };
}

interface Planning {
  readonly page: string;
  /** In the place of every seed, and where none is given. */
  readonly seed: number | undefined;
  readonly usualSeed: number | undefined;
  readonly fileOf: FileOf;
  readonly taken: Set<string>;
}

function planSection(
  section: PageDocument['sections'][number],
  i: number,
  planning: Planning,
): PlannedSection {
  const place = `sections[${i}]`;
  const id = freeId(section, place, planning.taken);
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
  const work = planWork(experiment, section, place, planning);
  const { title, text, formula, remark, example } = experiment;
  return {
    work,
    text: {
      formula,
      text,
      ...own,
      title: section.title ?? title,
      remark: section.remark ?? (section.text === undefined ? remark : undefined),
      example: section.params || section.from ? commandOf(experiment, work.params, work.from) : example,
    },
  };
}

function planWork(
  experiment: Experiment,
  { params = {}, from = [] }: PageDocument['sections'][number],
  place: string,
  { page, seed, usualSeed, fileOf }: Planning,
): Work {
  const hasSeed = 'seed' in experiment.params.shape;
  const whole = (some: Readonly<Record<string, unknown>>, where: string): Record<string, unknown> => {
    const given = withFiles(experiment, some, (reference, name) =>
      fileOf(reference, `${where}.params.${name}`),
    );
    const seeded = { ...(usualSeed !== undefined && { seed: usualSeed }), ...given };
    const typed = { ...(hasSeed ? seeded : given), ...(hasSeed && seed !== undefined && { seed }) };
    return parseParams(experiment, typed, {
      called: (path) => `${where}.params${path.length ? `.${placeOf(path)}` : ''}`,
      hint: `in ${page}; campanile ${experiment.id} --help lists the ranges`,
    });
  };
  const disorder = disorderIn(from);
  if (disorder > 0)
    throw new RecipeError(
      `${place}.from[${disorder}]`,
      'expected a fork that stands after the one before it',
      'copy "from" of the recipe whole',
    );
  const forks = from.map((fork, n) => ({ ...fork, params: whole(fork.params, `${place}.from[${n}]`) }));
  return { experiment, params: whole(params, place), ...(forks.length > 0 && { from: forks }) };
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
