import { join } from 'node:path';
import type { Command } from 'commander';
import { inspectWeights } from '../../checkpoint/inspect.ts';
import { openWeights } from '../../checkpoint/weights.ts';
import { NumericError } from '../../errors.ts';
import { describeCompanions } from '../../hub/companions.ts';
import { findModel } from '../../hub/find-model.ts';
import { pullCommand } from '../../hub/pull-command.ts';
import type { PullOptions } from '../../hub/pull-plan.ts';
import { describeModel, planModel } from '../../models/describe.ts';
import { EMBEDDED } from '../../models/embedded.ts';
import { stageOf } from '../../models/folder.ts';
import { openModel } from '../../models/open.ts';
import { subjectKinds } from '../../models/subjects.ts';
import { readUnet, startUnet } from '../../models/unet.ts';
import { findNonFinite, type Tensor, zeros } from '../../tensor/tensor.ts';
import { MAX_TOKENS } from '../../text/prompt.ts';
import { formatBytes } from '../../words.ts';
import { terminal } from '../terminal.ts';
import { deviceFlags, untilInterrupted } from './common.ts';

interface InfoOptions {
  readonly json?: boolean;
  readonly device?: string;
  readonly precision?: string;
}

export function modelCommand(program: Command): void {
  const model = program
    .command('model')
    .summary('look at checkpoints, check them, fetch them')
    .description('Checkpoints: what they are, whether they are whole, and how to get them.');
  infoCommand(model);
  checkCommand(model);
  fetchCommand(model);
}

const learned = { drawn: 'learned from drawings', photographed: 'learned from photographs' };

function infoCommand(model: Command): void {
  const info = model
    .command('info')
    .description('Says what a checkpoint is and what it needs, without loading it.')
    .argument('[model]', 'a folder or a pulled model (default: the embedded one)');
  deviceFlags(info, 'plan for cpu, cuda or webgpu (default: cpu)')
    .option('--json', 'print one JSON object')
    .action(async (name: string | undefined, { json = false, ...where }: InfoOptions) => {
      const io = terminal({ json });
      const folder = name === undefined ? EMBEDDED : await findModel(name);
      const [about, plan, companions] = await Promise.all([
        describeModel(folder),
        planModel(folder, where),
        describeCompanions(folder),
      ]);
      if (json) {
        io.print(JSON.stringify({ folder, ...about, ...plan, companions }));
        return;
      }
      io.print(`${about.stage === 'base' ? 'Stage I' : 'Stage II'} in ${folder}`);
      io.print(
        `  ${about.sampleSize} × ${about.sampleSize} pixels, ${(about.parameters / 1e6).toFixed(1)} M parameters, ${formatBytes(plan.weightsBytes)} of weights`,
      );
      const card =
        plan.deviceBytes === undefined
          ? ''
          : `, ${formatBytes(plan.deviceBytes)} on the card in ${plan.precision} precision`;
      const time =
        plan.secondsPerCall === undefined
          ? ''
          : `, about ${plan.secondsPerCall.toPrecision(2)} s on this machine`;
      io.print(
        `  about ${formatBytes(plan.memoryBytes)} of memory${card}, ${plan.gflopPerCall.toFixed(1)} GFLOP a call${time}`,
      );
      for (const { sentence } of companions) io.print(`  ${sentence}`);
      for (const kind of subjectKinds) {
        const prompts = about.subjects.filter((subject) => subject.kind === kind).map(({ prompt }) => prompt);
        if (prompts.length > 0) io.print(`  ${learned[kind]}: ${prompts.join(', ')}`);
      }
    });
}

function checkCommand(model: Command): void {
  model
    .command('check')
    .description('Reads a checkpoint whole: every tensor, every number, the tokenizer and one step.')
    .argument('[model]', 'a folder or a pulled model (default: the embedded one)')
    .action(async (name: string | undefined) => {
      const io = terminal();
      const folder = name === undefined ? EMBEDDED : await findModel(name);
      const { parameters, fingerprint } = await ((await stageOf(folder)) === 'base'
        ? checkBase(folder)
        : checkUpscaler(folder));
      io.print(`${folder} is whole: ${parameters} parameters, all finite; one step was run`);
      io.print(`fingerprint ${fingerprint}`);
    });
}

function fetchCommand(model: Command): void {
  model
    .command('pull')
    .description(
      'Fetches a model from the hub into the cache that huggingface_hub uses. Licence and size are said before it starts.',
    )
    .argument('<name>', 'such as DeepFloyd/IF-I-M-v1.0')
    .option('--revision <name>', 'branch, tag or commit', 'main')
    .option('--text', 'the text encoder as well')
    .option('--text-only', 'the text encoder alone')
    .option('--full', 'weights in 32 bits instead of 16')
    .option('--verify', 'compare the hash of files that are already there')
    .addHelpText(
      'after',
      '\nThe licence has to be accepted on the hub, and HF_TOKEN set: see docs/real-weights.md.\n\nExample:\n  campanile model pull DeepFloyd/IF-I-M-v1.0\n',
    )
    .action(
      async (
        name: string,
        options: { revision: string; text?: boolean; textOnly?: boolean; full?: boolean; verify?: boolean },
      ) => {
        const io = terminal();
        await untilInterrupted(io, "the hub's cache", async (signal) => {
          const selection: PullOptions = {
            revision: options.revision,
            text: options.textOnly ? 'only' : options.text,
            precision: options.full ? 'full' : 'half',
            verify: options.verify,
            signal,
          };
          const columns = process.stderr.isTTY ? process.stderr.columns : undefined;
          await pullCommand(name, selection, { write: (text) => void process.stderr.write(text), columns });
        });
      },
    );
}

interface Checked {
  readonly parameters: number;
  readonly fingerprint: string;
}

/** Every number of network and text encoder, then the empty prompt and one step. */
async function checkBase(folder: string): Promise<Checked> {
  await using opened = await openModel(folder);
  await inspectWeights(await openWeights(join(folder, 'text_encoder'), 'model'), '');
  const { sampleSize: size, parameters, fingerprint } = opened;
  const { noise } = await opened.estimator('')(zeros([1, 3, size, size]), 500);
  expectFinite(folder, noise);
  return { parameters, fingerprint };
}

/** Stage II mostly comes without a text encoder: its step sees no text. */
async function checkUpscaler(folder: string): Promise<Checked> {
  const files = await readUnet(join(folder, 'unet'));
  await using unet = startUnet(files);
  const { inChannels, textDim, sampleSize: size = 256 } = unet.config;
  const text = await unet.text(zeros([1, MAX_TOKENS, textDim]));
  expectFinite(folder, await unet.step(zeros([1, inChannels, size, size]), 500, text, { labels: 250 }));
  return { parameters: unet.parameters, fingerprint: files.fingerprint };
}

function expectFinite(folder: string, out: Tensor): void {
  if (findNonFinite(out) >= 0)
    throw new NumericError('not-finite', `the step of ${folder} gives numbers that are not finite`);
}
