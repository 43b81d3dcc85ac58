import { readFileSync } from 'node:fs';
import {
  access,
  copyFile,
  cp,
  constants as fsConstants,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Command } from 'commander';
import { OutputError } from '../../errors.ts';
import { ownMasks, ownPictures } from '../../experiments/own-pictures.ts';
import { drawnWith } from '../../experiments/recipe.ts';
import { writeChanged, writeWhole } from '../../files/whole.ts';
import type { Live, LiveFigure } from '../../gallery/page.ts';
import type { ComputeInfo } from '../../jobs/compute-messages.ts';
import { describeModels } from '../../jobs/models.ts';
import type { Models } from '../../models/model.ts';
import { sha256Sync } from '../../platform/node/hash.ts';
import { freeName } from '../../words.ts';
import { writing } from '../../writing.ts';
import { inOut } from '../figure-folder.ts';
import { withFiles } from '../page-pictures.ts';
import type { PlannedPage } from '../page-plan.ts';
import { pictureFlags } from './common.ts';
import { webPicture } from './experiment.ts';
import { drawPage, type SectionOptions, sectionFlags } from './page.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** The packed code of the live figures. */
const built = join(root, 'dist/site');
const SCRIPT = 'live.js';
const CARRIED = 'carried.json';
const WORKER = 'sw.js';
/** What the studio without a server knows before it has a model. */
const ABOUT = 'about.json';
/** Where the service worker's list has a place for the page: site/packing/installable.ts. */
const PAGE = /\{[^{}]*"index\.html"[^{}]*\}/;

interface SiteOptions extends SectionOptions {
  readonly brotli?: boolean;
}

export function siteCommand(program: Command): void {
  const command = program
    .command('site')
    .argument('[folder]', 'where the site goes', 'site')
    .summary('the page as a site whose figures run in the reader\u2019s browser')
    .description(
      'Writes the page, the code, the runtime and the embedded model as plain files. Any static host serves them, from any path, without special headers; opened from the disk the page is complete, but not live.',
    )
    .addHelpText('after', '\nExamples:\n  campanile site\n  campanile site public --only forward,sdedit\n');
  command.option('--brotli', 'beside each file that shrinks a packed one, for hosts that hand those out');
  pictureFlags(sectionFlags(command)).action(async (folder: string, options: SiteOptions) => {
    await expectPlace(folder);
    await drawPage(options, async (page, planned, models) => {
      const megabytes = Math.round((await copyLive(folder)) / 1e6);
      const figures = await liveFigures(planned, options.image, folder);
      const file = join(folder, 'index.html');
      const html = page.html({ script: `./${SCRIPT}`, megabytes, figures });
      await writeChanged(file, html, inOut);
      const about = JSON.stringify(aboutTab(models));
      await writeChanged(join(folder, ABOUT), about, inOut);
      await keepPage(folder, { 'index.html': html, [ABOUT]: about });
      if (options.brotli) await packSite(folder);
      return file;
    });
  });
}

const elsewhere = { elsewhere: 'choose a folder you may write to' };

/** Said before anything is drawn, which takes minutes: what the site lacks, and that its folder cannot be written. */
async function expectPlace(folder: string): Promise<void> {
  await readCarried();
  await writing(
    folder,
    async () => {
      await mkdir(folder, { recursive: true });
      await access(folder, fsConstants.W_OK);
    },
    elsewhere,
  );
}

/** What each section of the page runs; files that are its pictures are copied beside it. */
async function liveFigures(
  { sections }: PlannedPage,
  instead: Readonly<Record<string, string>>,
  folder: string,
): Promise<Live['figures']> {
  const own: readonly string[] = [...ownPictures, ...ownMasks];
  const places = new Map<string, string>();
  const taken = new Set<string>();
  const placed = (reference: string): string => {
    const file = instead[reference] ?? (own.includes(reference) ? undefined : reference);
    if (file === undefined) return reference;
    const name = basename(URL.canParse(file) ? new URL(file).pathname : file);
    if (!places.has(file))
      places.set(file, `pictures/${freeName(name, taken)}${extname(name).toLowerCase()}`);
    return places.get(file)!;
  };
  const figures: Record<string, LiveFigure> = {};
  for (const { text, work } of sections) {
    if (!work) continue;
    const { experiment, params, from } = work;
    const beside = (some: typeof params) => withFiles(experiment, some, placed);
    figures[text.id] = {
      experiment: experiment.id,
      params: beside(params),
      ...(from && { from: from.map((fork) => ({ ...fork, params: beside(fork.params) })) }),
    };
  }
  if (places.size > 0) await mkdir(join(folder, 'pictures'), { recursive: true });
  for (const [file, place] of places) {
    const fetched = await webPicture(file);
    await (fetched ? writeWhole(join(folder, place), fetched, inOut) : copyFile(file, join(folder, place)));
  }
  return figures;
}

/**
 * Puts beside the page what makes it live: its code, and the runtime, models and pictures that the package carries anyway.
 *
 * @returns bytes that a reader fetches at the first run
 */
async function copyLive(folder: string): Promise<number> {
  const carried = await readCarried();
  let bytes = 0;
  const copy = async (): Promise<void> => {
    // What an earlier version left there has other names.
    await rm(join(folder, 'assets'), { recursive: true, force: true });
    await mkdir(join(folder, 'assets'), { recursive: true });
    await cp(built, folder, { recursive: true, filter: (from) => !from.endsWith(CARRIED) });
    for (const [file, from] of Object.entries(carried)) {
      await copyFile(from, join(folder, file));
      if (/\.(?:wasm|safetensors)$/.test(file)) bytes += (await stat(from)).size;
    }
  };
  await writing(folder, copy, elsewhere);
  return bytes;
}

/** What shrinks; weights do not. */
const SHRINKS = /\.(?:wasm|js|css|html|json)$/;
/** As small as the slowest setting makes the runtime, to a part in two thousand, in a quarter of its time. */
const brotli = promisify(brotliCompress);
const QUALITY = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 };

/** Puts `name.br` beside each file that shrinks. */
async function packSite(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!SHRINKS.test(name)) continue;
    const packed = await brotli(await readFile(join(folder, name)), { params: QUALITY });
    await writeWhole(join(folder, `${name}.br`), packed, inOut);
  }
}

/** The embedded models as they will be in a reader's tab, which opens them only to run something. */
function aboutTab(models: Models): Omit<ComputeInfo, 'pictures'> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return {
    engine: `campanile ${version}, in a browser`,
    checkpoint: drawnWith(models).checkpoint,
    models: describeModels(models),
  };
}

/** Tells the service worker of the page and the pictures beside it, which came after it was packed. */
async function keepPage(folder: string, written: Readonly<Record<string, string>>): Promise<void> {
  const file = join(folder, WORKER);
  const text = await readFile(file, 'utf8');
  const pictures = await readdir(join(folder, 'pictures')).catch(() => []);
  const entries = await Promise.all(
    pictures.map(async (name) => entry(`pictures/${name}`, await readFile(join(folder, 'pictures', name)))),
  );
  const page = [...Object.entries(written).map(([name, text]) => entry(name, text)), ...entries].join();
  await writeChanged(file, text.replace(PAGE, page), inOut);
}

/** A file as workbox keeps it: fetched again when its content has changed. */
const entry = (url: string, content: string | Uint8Array): string =>
  JSON.stringify({ url: encodeURI(url), revision: sha256Sync(content).slice(0, 16) });

/** File of the site → path of the file of the package, or of ONNX Runtime's, that it is. */
async function readCarried(): Promise<Record<string, string>> {
  const text = await readFile(join(built, CARRIED), 'utf8').catch((cause: unknown) => {
    throw new OutputError('site-not-built', 'the live part of the site is not there', {
      hint: 'in a clone: npm run build:studio',
      cause,
    });
  });
  const require = createRequire(import.meta.url);
  const place = (from: string) =>
    from.startsWith('onnxruntime-web/') ? require.resolve(from) : join(root, from);
  return Object.fromEntries(
    Object.entries(JSON.parse(text) as Record<string, string>).map(([file, from]) => [file, place(from)]),
  );
}
