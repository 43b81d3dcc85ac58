import { embedded } from '#platform/embedded';
import { files as stored } from '#platform/files';
import { machine } from '#platform/machine';
import { readConfig, type SchedulerConfig, schedulerSchema } from '../checkpoint/config.ts';
import { sha256 } from '../checkpoint/hash.ts';
import { inspectWeights } from '../checkpoint/inspect.ts';
import { closedBy } from '../closable.ts';
import { conditionedOn, upscaleCondition } from '../diffusion/cascade.ts';
import { alphaBarOf } from '../diffusion/schedule.ts';
import { dynamicThreshold, noThreshold, staticThreshold, type Threshold } from '../diffusion/threshold.ts';
import { deviceNamed, isCard, precisionOn } from '../engine/options.ts';
import { ArgumentError, CheckpointError } from '../errors.ts';
import { checkFunction, checkImages, checkNumber, checkObject, checkText } from '../tensor/check.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { openTextEncoder, type TextEncoder } from '../text/encoder.ts';
import { cutWarning } from '../text/token-window.ts';
import { chosenIn, ofWeights } from './chosen.ts';
import { expectStage } from './folder.ts';
import { openJudge } from './judge.ts';
import { Lanes } from './lanes.ts';
import { lastFew } from './last-few.ts';
import type { ModelInfo, PixelModel, Upscaler } from './model.ts';
import { pairsOf } from './pairs.ts';
import { checkFits, planUnet } from './plan.ts';
import { subjectsOf } from './subjects.ts';
import { twoLanes } from './two-lanes.ts';
import {
  readUnetHeaders,
  splitEstimate,
  startUnet,
  type TextContext,
  type Unet,
  type UnetOptions,
  unetGraphs,
} from './unet.ts';

/** How a model is opened: on which device, in how many threads, with which text encoder. */
export interface OpenOptions extends Omit<UnetOptions, 'device' | 'precision'> {
  /** 'cpu', 'openvino', 'cuda' or 'webgpu'; the others than 'cpu' where their libraries are installed. */
  readonly device?: string | undefined;
  /** 'half' or 'full'; by default half with 'cuda' and 'openvino', else full. */
  readonly precision?: string | undefined;
  /** Where prompts are read: a folder with text_encoder/ and tokenizer/. The model's own folder by default. */
  readonly text?: string | undefined;
  /** A file of prompt embeddings, in the place of a text encoder. */
  readonly prompts?: string | undefined;
}

/** So many prompts stay ready at once; for the largest model of the family each takes 29 MB. */
const READY_PROMPTS = 32;

/**
 * Opens a stage I model.
 *
 * @param folder  in the layout of diffusers: model_index.json, unet/, scheduler/, and a text encoder unless the options name one
 * @throws {CheckpointError} {UnsupportedModelError} when the files are not what they should be
 * @throws {ResourceError} when the model does not fit into memory, or the device is missing or computes something else
 */
export async function openModel(folder: string, options: OpenOptions = {}): Promise<PixelModel> {
  checkOpening(folder, options);
  return openBase(folder, options, encoderOf(folder, options));
}

/**
 * Both stages, read side by side. One text encoder reads for both; without `stageTwo` there is none.
 *
 * @throws as `openModel`
 */
export async function openStages(
  stageOne: string,
  stageTwo: string | undefined,
  options: OpenOptions,
): Promise<{ base: PixelModel; upscaler: Upscaler | undefined }> {
  checkOpening(stageOne, options);
  const text = encoderOf(stageOne, options);
  // They may be asked at the same time, and the threads are there once.
  const lanes = new Lanes();
  const first = openBase(stageOne, options, text, lanes);
  const next = async () => (stageTwo === undefined ? undefined : openLarger(stageTwo, options, text, lanes));
  // Another device is tried by one network after the other.
  const second = options.device === undefined || options.device === 'cpu' ? next() : first.then(next);
  const [base, upscaler] = await Promise.allSettled([first, second]);
  if (base.status === 'fulfilled' && upscaler.status === 'fulfilled')
    return { base: base.value, upscaler: upscaler.value };
  for (const stage of [base, upscaler]) if (stage.status === 'fulfilled') await stage.value?.close();
  throw base.status === 'rejected' ? base.reason : (upscaler as PromiseRejectedResult).reason;
}

async function openBase(
  folder: string,
  options: OpenOptions,
  encoder: Encoding,
  lanes?: Lanes,
): Promise<PixelModel> {
  await expectStage(folder, 'base');
  // Before what would have to be closed if one of them failed.
  const [judge, subjects, chosen, pairs] = await Promise.all([
    openJudge(folder),
    subjectsOf(folder),
    chosenIn(folder),
    pairsOf(folder),
  ]);
  const { unet, text, scheduler, info, answer } = await openStage(folder, options, encoder, lanes);
  const alphaBar = alphaBarOf(scheduler.schedule);
  const { inChannels } = unet.config;
  const close = async () => {
    await closeAll(unet, text);
    await judge?.close();
  };
  return {
    ...info,
    judge,
    subjects,
    chosen: ofWeights(chosen, info.fingerprint)?.illusions,
    pairs: ofWeights(pairs, info.fingerprint),
    alphaBar,
    threshold: thresholdOf(scheduler),
    estimator(prompt) {
      checkPrompt(prompt);
      return async (x, t) => {
        checkImages('x', x, inChannels);
        checkNumber('t', t, { whole: true, min: 0, max: info.numTrainTimesteps - 1 });
        return splitEstimate(await answer(x, t, prompt), inChannels);
      };
    },
    tokens(prompt) {
      checkPrompt(prompt);
      const tokens = text.tokens(prompt);
      return { ...tokens, warning: cutWarning(tokens) };
    },
    ...closedBy(close),
  };
}

/**
 * Opens a stage II model. Most come without a text encoder: `options.text` names the folder of stage I then.
 *
 * @throws as `openModel`
 */
export async function openUpscaler(folder: string, options: OpenOptions = {}): Promise<Upscaler> {
  checkOpening(folder, options);
  return openLarger(folder, options, encoderOf(folder, options));
}

async function openLarger(
  folder: string,
  options: OpenOptions,
  encoder: Encoding,
  lanes?: Lanes,
): Promise<Upscaler> {
  await expectStage(folder, 'upscaler');
  // Before the network, which nobody would close if this failed.
  const noising = await readConfig(
    stored.join(folder, 'image_noising_scheduler', 'scheduler_config.json'),
    schedulerSchema,
  );
  const { unet, text, scheduler, info, answer } = await openStage(folder, options, encoder, lanes);
  const imageChannels = unet.config.inChannels / 2;
  return {
    ...info,
    alphaBar: alphaBarOf(scheduler.schedule),
    threshold: thresholdOf(scheduler),
    conditioned(image, noiseLevel, noise) {
      checkImages('image', image, 3);
      checkFunction('noise', noise, 'a source of noise, as noiseStream gives it');
      const levels = noising.schedule.numTrainTimesteps;
      checkNumber('noiseLevel', noiseLevel, { whole: true, min: 0, max: levels - 1 });
      const size = largerSize(image.shape, info.sampleSize, 2 ** (unet.config.down.length - 1));
      const condition = upscaleCondition(image, size, noiseLevel, alphaBarOf(noising.schedule), noise);
      const network = (prompt: string) => async (input: Tensor, t: number, labels: number) =>
        splitEstimate(await answer(input, t, prompt, labels), imageChannels);
      return conditionedOn(network, condition, noiseLevel);
    },
    ...closedBy(() => closeAll(unet, text)),
  };
}

function checkOpening(folder: unknown, options: unknown): void {
  checkText('folder', folder, 'the folder of a model');
  checkObject('options', options, "options, as in { device: 'cpu' }");
  const { threads, text, prompts } = options as OpenOptions;
  if (threads !== undefined) checkNumber('threads', threads, { whole: true, min: 1, max: 1024 });
  if (text !== undefined) checkText('text', text, 'the folder of a text encoder');
  if (prompts !== undefined) checkText('prompts', prompts, 'a file of prompt embeddings');
}

/** The empty prompt is one, too. */
function checkPrompt(prompt: unknown): void {
  if (typeof prompt !== 'string') throw new ArgumentError('prompt', prompt, 'a text');
}

/** Opens a text encoder when it is first asked for, which is after the network of its stage was found to fit. */
type Encoding = () => Promise<{ readonly text: TextEncoder; readonly fingerprint: string | Uint8Array }>;

function encoderOf(folder: string, { text = folder, prompts, threads }: OpenOptions): Encoding {
  let opened: ReturnType<Encoding> | undefined;
  const open = async () => {
    if (prompts === undefined) {
      const encoder = await openTextEncoder(text, { threads });
      return { text: encoder, fingerprint: encoder.fingerprint };
    }
    // Seldom, and torch's files come with it: pages fetch that code only then.
    const { openPromptFile } = await import('../text/embeddings.ts');
    return { text: await openPromptFile(prompts), fingerprint: await stored.read(prompts) };
  };
  return () => {
    opened ??= open();
    return opened;
  };
}

async function openStage(
  folder: string,
  { device: deviceName = 'cpu', precision, threads = machine.cores, memory }: OpenOptions,
  encoder: Encoding,
  lanes?: Lanes,
) {
  const device = deviceNamed(deviceName);
  const computing = { device, precision: precisionOn(device, precision) };
  const options: UnetOptions = { memory, ...computing, threads };
  const { configText, ...headers } = await readUnetHeaders(stored.join(folder, 'unet'));
  const schedulerFile = stored.join(folder, 'scheduler', 'scheduler_config.json');
  const scheduler = await readConfig(schedulerFile, schedulerSchema);
  const sampleSize = sampleSizeOf(headers.config.sampleSize, folder);
  const name = embedded.nameOf(folder);
  const plan = planUnet(headers.config, headers.weights, options);
  checkFits(name, plan);
  const graphs = unetGraphs(headers, { ...options, memory: plan.memory });
  const start = (threads: number) => startUnet(headers, { ...options, memory: plan.memory, threads }, graphs);
  const opened = plan.twoLanes ? twoLanes(start, threads, lanes) : start(threads);
  // Code that pages fetch only where there is a card.
  const unet = isCard(device) ? (await import('./one-call.ts')).inOneCall(opened) : opened;
  try {
    const [weights, { text, fingerprint }] = await Promise.all([
      inspectWeights(headers.weights, configText),
      encoder(),
    ]);
    if (device !== 'cpu') await (await import('./self-test.ts')).checkDevice(headers, unet, options);
    const ready = promptCache(text, unet);
    const info: ModelInfo = {
      name,
      fingerprint: await sha256(weights, await stored.read(schedulerFile), fingerprint),
      parameters: unet.parameters,
      sampleSize,
      numTrainTimesteps: scheduler.schedule.numTrainTimesteps,
      ...computing,
    };
    const answer = async (x: Tensor, t: number, prompt: string, labels?: number): Promise<Tensor> =>
      unet.step(x, t, ready(prompt), { labels });
    return { unet, text, scheduler, info, answer };
  } catch (error) {
    await unet.close();
    throw error;
  }
}

function sampleSizeOf(size: number | undefined, folder: string): number {
  if (size !== undefined) return size;
  throw new CheckpointError('config', `${folder}/unet/config.json does not say "sample_size"`, {
    hint: 'add the height of the pictures it was trained with',
  });
}

/** Prompts made ready for the network, the last few of them. */
function promptCache(text: TextEncoder, unet: Unet): (prompt: string) => Promise<TextContext> {
  const ready = lastFew<TextContext>(READY_PROMPTS);
  return (prompt) => ready(prompt, async () => unet.text((await text.encode(prompt)).embeddings));
}

/** What a scheduler does to x̂₀. */
export function thresholdOf({
  thresholding,
  dynamicThresholdingRatio,
  sampleMaxValue,
  clipSample,
  clipSampleRange,
}: SchedulerConfig): Threshold {
  if (thresholding) return dynamicThreshold({ ratio: dynamicThresholdingRatio, maxValue: sampleMaxValue });
  return clipSample ? staticThreshold(clipSampleRange) : noThreshold;
}

/** The short side becomes `size`, the long side what keeps the shape, to a multiple that the network can halve. */
function largerSize(
  shape: readonly number[],
  size: number,
  multiple: number,
): [height: number, width: number] {
  const [height, width] = shape.slice(-2) as [number, number];
  const scale = size / Math.min(height, width);
  const side = (length: number) => Math.round((length * scale) / multiple) * multiple;
  return [side(height), side(width)];
}

async function closeAll(unet: Unet, text: TextEncoder): Promise<void> {
  await Promise.all([unet.close(), text.close()]);
}
