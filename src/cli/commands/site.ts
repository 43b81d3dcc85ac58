import { copyFile, cp, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { OutputError } from '../../errors.ts';
import { writeChanged } from '../../files/whole.ts';
import type { Live } from '../../gallery/page.ts';
import { writing } from '../../writing.ts';
import { inOut } from '../figure-folder.ts';
import type { PlannedPage } from '../page-plan.ts';
import { modelFlags } from './common.ts';
import { drawPage, type SectionOptions, sectionFlags } from './page.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** The packed code of the live figures. */
const built = join(root, 'dist/site');
const SCRIPT = 'live.js';
const CARRIED = 'carried.json';

export function siteCommand(program: Command): void {
  const command = program
    .command('site')
    .argument('[folder]', 'where the site goes', 'site')
    .summary('the page as a site whose figures run in the reader\u2019s browser')
    .description(
      'Writes the page, the code, the runtime and the embedded model as plain files. Any static host serves them, from any path, without special headers; opened from the disk the page is complete, but not live.',
    )
    .addHelpText('after', '\nExamples:\n  campanile site\n  campanile site public --only forward,sdedit\n');
  modelFlags(sectionFlags(command)).action((folder: string, options: SectionOptions) =>
    drawPage(options, async (page, planned) => {
      const megabytes = Math.round((await copyLive(folder)) / 1e6);
      const file = join(folder, 'index.html');
      await writeChanged(
        file,
        page.html({ script: `./${SCRIPT}`, megabytes, figures: figuresOf(planned) }),
        inOut,
      );
      return file;
    }),
  );
}

/** What each section of the page runs. */
const figuresOf = ({ sections }: PlannedPage): Live['figures'] =>
  Object.fromEntries(
    sections.flatMap(({ text, work }) =>
      work ? [[text.id, { experiment: work.experiment.id, params: work.params }]] : [],
    ),
  );

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
  await writing(folder, copy, { elsewhere: 'choose a folder you may write to' });
  return bytes;
}

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
