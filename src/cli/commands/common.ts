import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import type { ModelOptions } from '../../models/embedded.ts';
import { quoted } from '../options.ts';
import type { Terminal } from '../terminal.ts';

export interface CommonOptions extends ModelOptions {
  readonly out: string;
  readonly json?: boolean;
  readonly image: Record<string, string>;
}

/** Where a network is computed, and in what. */
export const deviceFlags = (
  command: Command,
  device = 'cpu, cuda, webgpu or openvino, where the engine offers it, or auto: the quickest (default: auto)',
): Command =>
  command
    .option('--device <name>', device)
    .option('--precision <name>', 'half or full (default: half on cuda and openvino, else full)');

/** Where pictures go and come from. */
export const pictureFlags = (command: Command): Command =>
  command
    .option('--out <folder>', 'where the pictures go', folder, 'out')
    .option(
      '--image <name=file>',
      'a photograph in the place of a built-in picture, as in campanile=photo.jpg',
      pairs,
      {},
    )
    .option('--threads <number>', 'threads of the engine', wholeNumber, availableParallelism())
    .option('--json', 'print one JSON object per picture');

/** The options of every command that draws. */
export const modelFlags = (command: Command): Command =>
  deviceFlags(
    pictureFlags(command)
      .option(
        '--checkpoint <folder|name>',
        'stage I: a folder in diffusers layout, or a model pulled from the hub (default: the embedded one)',
      )
      .option('--upscaler <folder|name>', 'stage II: likewise')
      .option('--prompts <file>', 'prompt embeddings (.safetensors or .pth) in the place of a text encoder'),
  );

/** Of the options of `modelFlags` those that change pictures, as they were typed: a device has a precision of its own. */
export const typedModelFlags = ({
  checkpoint,
  upscaler,
  prompts,
  device,
  precision,
  image,
}: CommonOptions): string[] => [
  ...Object.entries({ checkpoint, upscaler, prompts, device, precision }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${quoted(value)}`],
  ),
  ...Object.entries(image).map(([name, file]) => `--image ${quoted(`${name}=${file}`)}`),
];

function pairs(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1)
    throw new InvalidArgumentError('expected name=file, as in campanile=photo.jpg');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

export function folder(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('expected a folder; . is the one that you are in');
  return text;
}

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number');
  return value;
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('expected a whole number of at least 1');
  return value;
}

export function portNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 65535)
    throw new InvalidArgumentError('expected a whole number from 0 to 65535');
  return value;
}

/** Exit code of a command that was stopped by Ctrl-C, as shells know it. */
export const INTERRUPTED = 130;

/**
 * Does work that Ctrl-C ends after the step under way; what is finished is kept. A second Ctrl-C ends at once.
 */
export async function untilInterrupted(
  io: Terminal,
  kept: string,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    io.note('stopping after this step …');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    await work(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    io.note(`stopped; finished pictures are kept in ${kept}, and the same command goes on from there`);
    process.exitCode = INTERRUPTED;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
