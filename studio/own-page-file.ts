import { type PageDocument, readDocument } from '../src/gallery/document.ts';
import { CARRIED, carriedPicture, dataUri } from '../src/gallery/html.ts';
import type { ExperimentInfo } from '../src/server/api-types.ts';
import { freeName } from '../src/words.ts';
import { backend, type Catalogue, pictureUrl } from './backend.ts';
import { ownPicturesOf } from './code.ts';
import { pictureName, rememberName } from './names.ts';
import { newKey, type OwnPage, type OwnSection } from './own-page.ts';
import { kindOf } from './schema.ts';

type Params = Readonly<Record<string, unknown>>;
type Section = PageDocument['sections'][number];

/** Whether a parameter is a picture or a mask. */
const holdsPicture = (experiment: ExperimentInfo | undefined, name: string): boolean =>
  ['picture', 'mask'].includes(kindOf(experiment?.schema.properties[name] ?? {}) ?? '');

/** Pictures and masks under other references; prompts may be spelt like one. */
function renamed(
  experiment: ExperimentInfo | undefined,
  params: Params,
  names: ReadonlyMap<string, string>,
): Params {
  const put = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(put) : (names.get(value as string) ?? value);
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      holdsPicture(experiment, name) ? put(value) : value,
    ]),
  );
}

/** What makes a section, with its pictures and masks under other references. */
function sectionRenamed(
  { experiment, params = {}, from }: Pick<Section, 'experiment' | 'params' | 'from'>,
  { experiments }: Catalogue,
  names: ReadonlyMap<string, string>,
): Pick<Section, 'params' | 'from'> {
  const record = experiments.find(({ id }) => id === experiment);
  const among = (some: Params) => renamed(record, some, names);
  return {
    params: among(params),
    ...(from && { from: from.map((fork) => ({ ...fork, params: among(fork.params) })) }),
  };
}

/**
 * The page as the file that `campanile page --from` reads, with the reader's own pictures inside it.
 *
 * @throws {Error} when words have no title, or a picture is not kept any more; {RecipeError} when the page cannot be built
 */
export async function pageFile(page: OwnPage, catalogue: Catalogue): Promise<string> {
  const untitled = page.sections.findIndex(({ recipe, title }) => !recipe && !title);
  if (untitled >= 0) throw new Error(`Section ${untitled + 1} is words alone, and needs a title.`);
  const references = new Set(page.sections.flatMap(({ recipe }) => (recipe ? ownPicturesOf(recipe) : [])));
  const taken = new Set([
    ...catalogue.pictures.map(({ reference }) => reference),
    ...Object.keys(page.pictures ?? {}),
  ]);
  const names = new Map<string, string>();
  const pictures: Record<string, string> = { ...page.pictures };
  for (const reference of references) {
    const name = freeName(pictureName(reference), taken);
    names.set(reference, name);
    pictures[name] = await carriedOf(reference);
  }
  const sections = page.sections.map(({ recipe, id, title, text, remark }) => ({
    ...(recipe && { experiment: recipe.experiment }),
    ...(id !== undefined && { id }),
    ...(title && { title }),
    ...(text !== undefined && { text }),
    ...(remark !== undefined && { remark }),
    ...(recipe && sectionRenamed(recipe, catalogue, names)),
  }));
  const { title, introduction } = page;
  const document = {
    title,
    introduction,
    ...(Object.keys(pictures).length > 0 && { pictures }),
    sections,
  };
  const text = JSON.stringify(document, null, 2);
  readDocument(text, 'your page'); // refused here as it would be by the command
  return text;
}

async function carriedOf(reference: string): Promise<string> {
  const url = pictureUrl(reference, []);
  const response = url ? await fetch(url).catch(() => undefined) : undefined;
  if (!response?.ok)
    throw new Error(
      `The picture “${pictureName(reference)}” is not kept any more: choose it again on the bench, and keep the figure anew.`,
    );
  const file = await response.blob();
  return dataUri(new Uint8Array(await file.arrayBuffer()), file.type || 'image/png');
}

/** A page that was opened, and the files that it names which nobody gave. */
export interface OpenedPage {
  readonly page: OwnPage;
  readonly missing: readonly string[];
}

/**
 * A page from its file, its pictures handed over to be kept here.
 *
 * @param files  the JSON, and pictures that it names
 * @throws {RecipeError} when it is no such page: the message names the place
 */
export async function openPageFile(files: readonly File[], catalogue: Catalogue): Promise<OpenedPage> {
  const json = files.find(({ name, type }) => type === 'application/json' || /\.json$/i.test(name));
  if (!json) throw new Error('Expected the JSON file of a page, which “Save file” writes.');
  const document = readDocument(await json.text(), json.name);
  const missing = new Set<string>();
  const here = new Map<string, string>();
  const builtIn = new Set(catalogue.pictures.map(({ reference }) => reference));
  for (const reference of referencesOf(document, catalogue)) {
    const named = Object.hasOwn(document.pictures, reference) ? document.pictures[reference]! : undefined;
    if (named === undefined && builtIn.has(reference)) continue;
    const file = fileFor(reference, named ?? reference, files);
    if (file) here.set(reference, await keptHere(file));
    else missing.add(named ?? reference);
  }
  const pictures = Object.fromEntries(
    Object.entries(document.pictures).filter(([name, file]) => !here.has(name) && !CARRIED.test(file)),
  );
  return {
    missing: [...missing],
    page: {
      title: document.title,
      introduction: document.introduction,
      sections: document.sections.map((section, i) =>
        opened(section, `sections[${i}]`, document, catalogue, here),
      ),
      ...(Object.keys(pictures).length > 0 && { pictures }),
    },
  };
}

/** All pictures and masks that its sections name. */
function referencesOf({ sections }: PageDocument, { experiments }: Catalogue): Set<string> {
  const found = new Set<string>();
  for (const { experiment, params = {}, from = [] } of sections) {
    const record = experiments.find(({ id }) => id === experiment);
    for (const some of [params, ...from.map((fork) => fork.params)])
      for (const [name, value] of Object.entries(some))
        if (holdsPicture(record, name))
          for (const reference of [value].flat()) if (typeof reference === 'string') found.add(reference);
  }
  return found;
}

const baseName = (path: string): string => path.replace(/^.*[\\/]/, '');

/** What the page carries, or one of the files that were given with it. */
function fileFor(name: string, address: string, files: readonly File[]): File | undefined {
  const carried = carriedPicture(address);
  if (!carried) return files.find((file) => file.name === baseName(address));
  const { bytes, type } = carried;
  return new File([bytes], `${name}.${type}`, { type: `image/${type}` });
}

async function keptHere(file: File): Promise<string> {
  const { reference } = await backend.keep(file);
  rememberName(reference, file.name);
  return reference;
}

function opened(
  section: Section,
  place: string,
  { seed }: PageDocument,
  catalogue: Catalogue,
  here: ReadonlyMap<string, string>,
): OwnSection {
  const { experiment: id, title, text, remark, id: anchor } = section;
  const said = {
    key: newKey(),
    ...(anchor !== undefined && { id: anchor }),
    ...(title !== undefined && { title }),
    ...(text !== undefined && { text }),
    ...(remark !== undefined && { remark }),
  };
  if (id === undefined) return said;
  const experiment = catalogue.experiments.find((one) => one.id === id);
  if (!experiment) throw new Error(`${place}.experiment: there is no experiment “${id}”.`);
  // The page's seed becomes each section's own.
  const hasSeed = 'seed' in experiment.schema.properties && seed !== undefined;
  const seeded = (params: Params): Params => (hasSeed ? { seed, ...params } : params);
  const { params = {}, from } = sectionRenamed(section, catalogue, here);
  const forks = from?.map((fork) => ({ ...fork, params: seeded(fork.params) }));
  return { ...said, recipe: { experiment: id, params: seeded(params), ...(forks && { from: forks }) } };
}
