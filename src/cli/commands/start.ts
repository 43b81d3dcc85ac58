import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import { pictureBook } from '../../experiments/pictures.ts';
import type { PageInMaking } from '../../gallery/making.ts';
import { openModels } from '../../models/embedded.ts';
import type { Running } from '../../server/index.ts';
import { figureFolder } from '../figure-folder.ts';
import { makePage, pageInMaking } from '../page-making.ts';
import { type PlannedPage, planPage } from '../page-plan.ts';
import { onQuickestDevice } from '../quickest-device.ts';
import { type Terminal, terminal } from '../terminal.ts';
import { folder, portNumber } from './common.ts';
import { drawPage } from './page.ts';

interface StartOptions {
  readonly once?: boolean;
  readonly out: string;
  readonly port: number;
  readonly state?: string;
}

/** What `npm start` does: the server at once, and the page as its front door while its pictures are made. */
export function startCommand(program: Command): void {
  program
    .command('start')
    .summary('serve the studio and the page, whose pictures are made meanwhile')
    .description(
      'Serves the page of all experiments, with the studio, until Ctrl-C. Both can be used at once; the pictures of the page come as they are made, those of the section that is looked at first.',
    )
    .option('--once', 'make the page and exit')
    .option('--out <folder>', 'where the page goes', folder, 'out')
    .option('--port <number>', 'port of the server, 0 for any that is free', portNumber, 7860)
    .option('--state <folder>', 'where jobs and their pictures are kept', folder)
    .action(async ({ once = false, out, port, state }: StartOptions) => {
      if (once) await drawPage({ out, image: {} });
      else await serveWhileMaking(out, port, state);
    });
}

async function serveWhileMaking(out: string, port: number, state: string | undefined): Promise<void> {
  const [{ createServer }, { closeOnSignals }, { printAddresses }] = await Promise.all([
    import('../../server/index.ts'),
    import('../../server/signals.ts'),
    import('./serve.ts'),
  ]);
  const io = terminal();
  const planned = await planPage();
  const store = await figureFolder(out);
  const page = pageInMaking(planned);
  const stop = new AbortController();
  const serving = createServer({
    port,
    page,
    ...(state !== undefined && { stateDir: resolve(state) }),
    onListening: (url) => {
      printAddresses(io, url, true);
      io.note('Ctrl-C ends it');
    },
  });
  // One checkpoint is opened after the other: the studio is ready first, and the page no later for it.
  const making = serving.then(async ({ depth }) => {
    if (stop.signal.aborted) return;
    await pictures(page, planned, {
      out,
      store,
      terminal: io,
      signal: stop.signal,
      held: () => jobsEnded(depth, stop.signal),
    });
  });
  making.catch(() => {}); // it may fail before it is waited for
  const closed = closeOnSignals(async () => {
    io.note('stopping …');
    stop.abort();
    const [running] = await Promise.allSettled<[Promise<Running>, Promise<void>]>([serving, making]);
    if (running.status === 'fulfilled') await running.value.close();
  });
  await Promise.race([serving, closed]);
  await Promise.race([making, closed]);
  await closed;
}

const LOOK_AGAIN_MS = 100;

/** What somebody asks for in the studio comes before the rest of the page. */
async function jobsEnded(depth: Running['depth'], signal: AbortSignal): Promise<void> {
  const busy = async () => {
    const { queued, running } = await depth();
    return queued + running > 0;
  };
  while (!signal.aborted && (await busy())) await setTimeout(LOOK_AGAIN_MS);
}

interface Making {
  readonly out: string;
  readonly store: Awaited<ReturnType<typeof figureFolder>>;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly held: () => Promise<void>;
}

/** A page that cannot be finished stays readable, and the studio goes on. */
async function pictures(page: PageInMaking, planned: PlannedPage, { out, ...making }: Making): Promise<void> {
  const { terminal: io, signal } = making;
  try {
    await using models = await openModels(await onQuickestDevice({}, io));
    const file = await makePage(page, planned, { models, book: pictureBook(), ...making });
    io.note(`the page is finished: ${resolve(file)}`);
  } catch (error) {
    page.finish();
    if (!signal.aborted) throw error;
    io.note(`finished pictures are kept in ${out}`);
  }
}
