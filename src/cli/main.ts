#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { CampanileError } from '../errors.ts';
import { experimentIds, loadExperiment } from '../experiments/lazily.ts';
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

/** The commands in the order of the help, each with code of its own. */
const commands: Readonly<Record<string, () => Promise<void>>> = {
  page: async () => (await import('./commands/page.ts')).pageCommand(program),
  site: async () => (await import('./commands/site.ts')).siteCommand(program),
  ...Object.fromEntries(experimentIds.map((id) => [id, () => declareExperiment(id)])),
  pairs: async () => (await import('./commands/pairs.ts')).pairsCommand(program),
  sheet: async () => (await import('./commands/sheet.ts')).sheetCommand(program),
  model: async () => (await import('./commands/model.ts')).modelCommand(program),
  embed: async () => (await import('./commands/embed.ts')).embedCommand(program),
  verify: async () => (await import('./commands/verify.ts')).verifyCommand(program),
  view: async () => (await import('./commands/view.ts')).viewCommand(program),
  take: async () => (await import('./commands/take.ts')).takeCommand(program),
  parity: async () => (await import('./commands/parity.ts')).parityCommand(program),
  start: async () => (await import('./commands/start.ts')).startCommand(program),
  serve: async () => (await import('./commands/serve.ts')).serveCommand(program),
  worker: async () => (await import('./commands/serve.ts')).workerCommand(program),
};

async function declareExperiment(id: string): Promise<void> {
  const { experimentCommand } = await import('./commands/experiment.ts');
  experimentCommand(program, (await loadExperiment(id))!);
}

// Reading the code of all takes longer than a picture to begin: the one that is asked for, and all where none is.
const [word = 'help', subject] = process.argv.slice(2);
// Commander answers `help blurr` with the help of all; without "help" it says what is unknown.
if (word === 'help' && subject !== undefined && !Object.hasOwn(commands, subject)) process.argv.splice(2, 1);
const asked = Object.hasOwn(commands, word) ? [word] : Object.keys(commands);
if (!['--version', '-V'].includes(word)) for (const name of asked) await commands[name]!();

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
