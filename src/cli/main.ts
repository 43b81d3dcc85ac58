#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { CampanileError } from '../errors.ts';
import { everyExperiment } from '../experiments/index.ts';
import { embedCommand } from './commands/embed.ts';
import { experimentCommand } from './commands/experiment.ts';
import { modelCommand } from './commands/model.ts';
import { pairsCommand } from './commands/pairs.ts';
import { sheetCommand } from './commands/sheet.ts';
import { verifyCommand } from './commands/verify.ts';
import { viewCommand } from './commands/view.ts';
import { surviveStreams } from './streams.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('campanile')
  .description(
    'Pixel diffusion models of the DeepFloyd IF family: thirteen experiments, from noise to illusions.',
  )
  .version(version)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'campanile: ')) })
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    'after',
    '\nExamples:\n  campanile page\n  campanile sample "a rocket ship" --count 4\n  campanile inpaint photo.png --mask mask.png --prompt "a lighthouse"\n  campanile model info\n',
  );

/** Commands whose libraries take longer to load than a picture to begin: only where they are asked for, or all are. */
const heavy: Readonly<Record<string, () => Promise<void>>> = {
  page: async () => (await import('./commands/page.ts')).pageCommand(program),
  site: async () => (await import('./commands/site.ts')).siteCommand(program),
  parity: async () => (await import('./commands/parity.ts')).parityCommand(program),
  take: async () => (await import('./commands/take.ts')).takeCommand(program),
  start: async () => (await import('./commands/start.ts')).startCommand(program),
  serve: async () => (await import('./commands/serve.ts')).serveCommand(program),
  worker: async () => (await import('./commands/serve.ts')).workerCommand(program),
};
const light = {
  pairs: pairsCommand,
  sheet: sheetCommand,
  model: modelCommand,
  embed: embedCommand,
  verify: verifyCommand,
  view: viewCommand,
};
const known = ['--version', '-V', ...Object.keys(light), ...everyExperiment.map(({ id }) => id)];
const [word = 'help'] = process.argv.slice(2);
const asked = word in heavy ? [word] : known.includes(word) ? [] : Object.keys(heavy);
const declare = async (...names: string[]) => {
  for (const name of names) if (asked.includes(name)) await heavy[name]!();
};
await declare('page', 'site');
for (const experiment of everyExperiment) experimentCommand(program, experiment);
for (const command of Object.values(light)) command(program);
await declare('take', 'parity', 'start', 'serve', 'worker');

surviveStreams();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says what went wrong in words; gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CampanileError) {
    process.stderr.write(`campanile: ${error.message}\n${error.hint ? `  ${error.hint}\n` : ''}`);
    return error.exitCode;
  }
  if (error instanceof Error && error.name === 'AbortError') return 130;
  process.stderr.write(
    `campanile: an error in the program itself: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`,
  );
  return 70;
}
