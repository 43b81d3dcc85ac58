import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { ownEnvironment } from '../../jobs/environment.ts';
import { work } from '../../jobs/work.ts';
import type { ModelOptions } from '../../models/embedded.ts';
import { createServer, stateFolder, studioFolder } from '../../server/index.ts';
import { closeOnSignals } from '../../server/signals.ts';
import { onQuickestDevice } from '../quickest-device.ts';
import { type Terminal, terminal } from '../terminal.ts';
import { deviceFlags, folder, portNumber, wholeNumber } from './common.ts';

/** Where `campanile page` writes it. */
const USUAL_PAGE = join('out', 'index.html');

interface QueueOptions extends ModelOptions {
  readonly state: string;
  readonly queue?: string;
  readonly store?: string;
  readonly jobs: number;
  readonly grace: number;
  readonly keepSteps: number;
}

interface ServeCommandOptions extends QueueOptions {
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  readonly allowedHost?: string[];
  readonly page: string;
  readonly site?: string;
  readonly worker: boolean;
  readonly keep?: number;
  readonly log?: boolean;
}

/** What a server and a worker have in common. */
const queueFlags = (command: Command): Command =>
  deviceFlags(
    command
      .option('--checkpoint <folder|name>', 'stage I (default: the embedded one)')
      .option('--upscaler <folder|name>', 'stage II: likewise')
      .option('--prompts <file>', 'prompt embeddings in the place of a text encoder')
      .option('--threads <number>', 'threads of the engine', wholeNumber),
  )
    .option('--state <folder>', 'where jobs and pictures are kept', folder, stateFolder())
    .option(
      '--queue <url>',
      'redis://… or postgres://…: a queue that several machines share (default: files)',
    )
    .option('--store <place>', 'a folder that they share, or s3://bucket/prefix, for the pictures')
    .option('--jobs <number>', 'jobs at a time', wholeNumber, 1)
    .option(
      '--keep-steps <megabytes>',
      'how much may be kept of the steps of runs, to look at them; 0 for nothing',
      megabytes,
      256,
    )
    .option('--grace <seconds>', 'how long a job may go on when the program is stopped', seconds, 5);

const numberOf =
  (unit: string) =>
  (text: string): number => {
    const value = Number(text);
    if (!(value >= 0)) throw new InvalidArgumentError(`expected a number of ${unit}`);
    return value;
  };
const seconds = numberOf('seconds');
const days = numberOf('days');
const megabytes = numberOf('megabytes');

const EVERYWHERE = ['0.0.0.0', '::'];

/** Under which addresses of this machine others reach what listens everywhere. */
function addressesOf(url: string): string[] {
  const own = Object.values(networkInterfaces()).flatMap((found = []) => found);
  return own
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => Object.assign(new URL(url), { hostname: address }).origin);
}

/** What is there, and where. */
export function printAddresses(io: Terminal, url: string, page: boolean): void {
  if (page) io.print(`The page:   ${url}/`);
  if (existsSync(join(studioFolder, 'index.html'))) io.print(`The studio: ${url}/studio/`);
  else io.note('the studio is not built here: npm run build:studio');
  io.print(`The API:    ${url}/v1 (docs/server.md)`);
}

const modelOptions = ({
  checkpoint,
  upscaler,
  prompts,
  threads,
  device,
  precision,
}: ModelOptions): ModelOptions => ({
  checkpoint,
  upscaler,
  prompts: prompts && resolve(prompts),
  threads,
  device,
  precision,
});

export function serveCommand(program: Command): void {
  const command = program
    .command('serve')
    .summary('a server with the studio, an API and a queue')
    .description('Serves the made page, the studio and an API (docs/server.md), until Ctrl-C.')
    .option('--host <address>', 'address to listen on; any but a loopback one needs a token', '127.0.0.1')
    .option('--port <number>', 'port to listen on, 0 for any that is free', portNumber, 7860)
    .option('--token <secret>', 'asked of everyone (also: CAMPANILE_TOKEN)')
    .option('--allowed-host <name...>', 'further names under which it may be addressed')
    .option('--page <file>', 'the page to show at /', USUAL_PAGE)
    .option('--site <folder>', 'a folder that `campanile site` wrote, shown at /site/')
    .option('--keep <days>', 'forget jobs that ended so long ago (default: keep the latest 10 000)', days)
    .option('--no-worker', 'run no jobs here, but in `campanile worker`')
    .option('--log', 'write a line of JSON for every request');
  queueFlags(command).action(async (options: ServeCommandOptions) => {
    const io = terminal({});
    const token = options.token ?? process.env['CAMPANILE_TOKEN'];
    const running = await createServer({
      models: await onQuickestDevice(modelOptions(options), io),
      stateDir: options.state,
      queue: options.queue,
      store: options.store,
      host: options.host,
      port: options.port,
      token,
      allowedHosts: options.allowedHost,
      workers: options.worker ? options.jobs : 0,
      keepDays: options.keep,
      graceMs: options.grace * 1000,
      stepBytes: options.keepSteps * 1e6,
      page: resolve(options.page),
      ...(options.site !== undefined && { site: resolve(options.site) }),
      logger: options.log ?? false,
    });
    printAddresses(io, running.url, existsSync(resolve(options.page)));
    if (options.page !== USUAL_PAGE && !existsSync(resolve(options.page)))
      io.note(`${options.page} is not there; / leads to the studio until it is`);
    if (options.site !== undefined) {
      if (existsSync(join(options.site, 'index.html'))) io.print(`The site:   ${running.url}/site/`);
      else io.note(`there is no site in ${options.site}: campanile site ${options.site} writes one`);
    }
    if (EVERYWHERE.includes(options.host))
      for (const url of addressesOf(running.url)) io.print(`From other machines: ${url}/`);
    io.note('Ctrl-C ends it');
    await closeOnSignals(async () => {
      io.note('stopping …');
      await running.close();
    });
  });
}

export function workerCommand(program: Command): void {
  const command = program
    .command('worker')
    .summary('runs jobs of a queue that several machines share')
    .description('Takes jobs from --queue and puts their pictures into --store, until Ctrl-C.');
  queueFlags(command).action(async (options: QueueOptions) => {
    const io = terminal({});
    const stop = new AbortController();
    const models = await onQuickestDevice(modelOptions(options), io);
    const working = work(
      {
        queue: options.queue ?? '',
        store: options.store ?? '',
        stateDir: resolve(options.state),
        environment: ownEnvironment(models),
        concurrency: options.jobs,
        graceMs: options.grace * 1000,
        stepBytes: options.keepSteps * 1e6,
        onReady: () => io.note('taking jobs; Ctrl-C ends it'),
      },
      stop.signal,
    );
    void closeOnSignals(async () => {
      io.note('stopping …');
      stop.abort();
      await working.catch(() => {}); // told below
    });
    await working;
  });
}
