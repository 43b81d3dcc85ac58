import { runtime } from '#platform/engine';
import { files } from '#platform/files';
import { inspectWeights } from '../checkpoint/inspect.ts';
import { parseUNetConfig, type UNetConfig } from '../checkpoint/unet-config.ts';
import { openWeights, type Weights } from '../checkpoint/weights.ts';
import { type Closable, closedBy } from '../closable.ts';
import { precisionOn } from '../engine/options.ts';
import { openEngine, type Session } from '../engine/session.ts';
import { areHalves, graphWeights } from '../engine/weights.ts';
import { CheckpointError, ShapeError } from '../errors.ts';
import type { Graph } from '../graph/builder.ts';
import type { Device, Feed, Kept, MemoryUse, Precision } from '../platform/engine.ts';
import { channels, sameShape, type Tensor } from '../tensor/tensor.ts';
import { checkParameters, countOf, unetParameters } from './parameters.ts';
import { sinusoid } from './sinusoid.ts';
import { type GraphOptions, stepGraph, textGraph } from './unet-graph.ts';

export interface UnetOptions {
  readonly threads?: number | undefined;
  readonly device?: Device | undefined;
  /** 'fast' or 'low'; without it, what fits the machine. */
  readonly memory?: MemoryUse | undefined;
  /** What it computes in; without it, what suits the device. */
  readonly precision?: Precision | undefined;
}

/** A prompt as the network's attention blocks see it. It stays in the engine; feed it to as many steps as you like. */
export interface TextContext {
  /** 1, for all pictures of a batch, or one for each. */
  readonly rows: number;
  readonly tokens: number;
  readonly values: Readonly<Record<string, Kept>>;
  readonly mask: Tensor | undefined;
}

export interface StepOptions {
  /** Noise levels of the pictures a stage II network is conditioned on: one, or one for each row. */
  readonly labels?: number | readonly number[] | undefined;
}

/** A UNet ready to run. */
export interface Unet extends Closable {
  readonly config: UNetConfig;
  readonly weights: Weights;
  readonly parameters: number;
  /**
   * What depends on the prompt alone, computed once.
   *
   * @param embeddings  of the text encoder: [B, S, E]
   * @param mask  [B, S], 1 for tokens to look at; IF's own pipelines give none, so that the padding is seen
   */
  text(embeddings: Tensor, mask?: Tensor): Promise<TextContext>;
  /**
   * The network's answer, [N, out, H, W]: noise, and behind it what it learned of the variance.
   *
   * @param sample  [N, in, H, W], H and W multiples of 2^(levels − 1)
   * @param t  one timestep, or one for each row
   * @param text  or what becomes one: the network is opened while the prompt is still read
   * @throws {ShapeError} when the sizes do not fit the network or each other
   */
  step(
    sample: Tensor,
    t: number | readonly number[],
    text: TextContext | Promise<TextContext>,
    options?: StepOptions,
  ): Promise<Tensor>;
}

/** What is in the files of a UNet, held against each other, before any of it is loaded. */
export interface UnetHeaders {
  readonly config: UNetConfig;
  readonly weights: Weights;
}

export interface UnetFiles extends UnetHeaders {
  readonly fingerprint: string;
}

/**
 * Reads config.json and the headers of the weights, and checks that every tensor is there and of the right shape.
 *
 * @param folder  with config.json and diffusion_pytorch_model.safetensors
 * @throws {CheckpointError} {UnsupportedModelError}
 */
export async function readUnetHeaders(
  folder: string,
): Promise<UnetHeaders & { readonly configText: string }> {
  const file = files.join(folder, 'config.json');
  const configText = await files.text(file).catch((cause: unknown) => {
    throw new CheckpointError('file-missing', `there is no ${file}`, {
      file,
      cause,
      hint: 'point at a folder in the layout of diffusers, with model_index.json and unet/',
    });
  });
  const config = parseUNetConfig(configText, file);
  const weights = await openWeights(folder, 'diffusion_pytorch_model');
  checkParameters(weights, unetParameters(config));
  return { config, weights, configText };
}

/** `readUnetHeaders`, and every number looked at. */
export async function readUnet(folder: string): Promise<UnetFiles> {
  const { config, weights, configText } = await readUnetHeaders(folder);
  return { config, weights, fingerprint: await inspectWeights(weights, configText) };
}

export async function openUnet(folder: string, options: UnetOptions = {}): Promise<Unet> {
  return startUnet(await readUnet(folder), options);
}

/** The graphs of a network as ONNX Runtime reads them, each written once for however many sessions. */
export type UnetGraphs = Readonly<Record<'text' | 'step' | 'masked', () => Uint8Array>>;

export function unetGraphs({ config, weights }: UnetHeaders, options: UnetOptions = {}): UnetGraphs {
  const form = graphOptionsFor(options);
  const stored = () => graphWeights(weights, isWidened(weights, options));
  const written = (graph: () => Graph) => {
    let bytes: Uint8Array | undefined;
    return () => {
      bytes ??= graph().encode();
      return bytes;
    };
  };
  return {
    text: written(() => textGraph(config, graphWeights(weights), form)),
    step: written(() => stepGraph(config, stored(), form)),
    masked: written(() => stepGraph(config, stored(), { ...form, masked: true })),
  };
}

/** Opens a UNet whose headers were read. Its sessions open at their first use. */
export function startUnet(
  headers: UnetHeaders,
  { threads, device, memory = 'fast', precision }: UnetOptions = {},
  graphs = unetGraphs(headers, { device, memory, precision }),
): Unet {
  const { config, weights } = headers;
  const engine = openEngine({ threads, device });
  const opened = (graph: () => Uint8Array, widened: boolean) =>
    once(() =>
      engine.open(graph(), { ...weights, memory, precision: precisionOn(engine.device, precision), widened }),
    );
  const widened = isWidened(weights, { device, memory, precision });
  const textSession = opened(graphs.text, false);
  const stepSession = opened(graphs.step, widened);
  const maskedSession = opened(graphs.masked, widened);
  // Before it is needed; where memory is short an encoder that streams its weights has it for itself. What fails is met again at the step.
  const openEarly = () => {
    if (memory === 'fast') for (const open of [stepSession, textSession]) open().catch(() => undefined);
  };
  return {
    config,
    weights,
    parameters: countOf(unetParameters(config)),
    async text(embeddings, mask) {
      const [rows, tokens] = checkEmbeddings(embeddings, mask, config);
      const values = await (await textSession()).keep({ text: embeddings });
      return { rows, tokens, values, mask };
    },
    async step(sample, t, text, options = {}) {
      if (text instanceof Promise) openEarly();
      const read = await text;
      const session = await (read.mask ? maskedSession() : stepSession());
      const { out } = await session.run(stepFeeds(config, sample, t, read, options));
      return out!;
    },
    ...closedBy(engine.close),
  };
}

/** Whether the steps read float32 that were halves in the files. What the prompt alone decides needs few of them, which ONNX Runtime widens. */
const isWidened = (weights: Weights, { device = 'cpu', memory = 'fast', precision }: UnetOptions): boolean =>
  runtime.widensHalves &&
  device === 'cpu' &&
  memory === 'fast' &&
  precisionOn(device, precision) === 'full' &&
  areHalves(weights);

/** What the graphs of a network that runs so are written with. */
export function graphOptionsFor({ device = 'cpu', memory, precision }: UnetOptions): GraphOptions {
  // WebGPU's own attention operator, for 64 tokens and more, is right to 20 dB only (ONNX Runtime 1.30, two drivers).
  const plainAttention = device === 'webgpu';
  // OpenVINO makes its halves of the full graph.
  if (device === 'openvino') return { memory, precision: 'full', plainAttention };
  const winograd = device === 'cpu' && runtime.convolvesByProducts;
  return { memory, precision: precisionOn(device, precision), plainAttention, winograd };
}

/** What the step graph is fed with. */
export function stepFeeds(
  config: UNetConfig,
  sample: Tensor,
  t: number | readonly number[],
  text: TextContext,
  { labels }: StepOptions,
): Record<string, Feed> {
  const rows = checkSample(sample, text, config);
  const width = config.down[0]!.channels;
  const waves = (what: string, values: number | readonly number[]) =>
    sinusoid(perRow(what, values, rows), width, config);
  if (config.classEmbedding && labels === undefined)
    throw new ShapeError('labels', [0], `one noise level, or ${rows}: this network is of stage II`);
  return {
    sample,
    time: waves('timesteps', t),
    ...(config.classEmbedding && labels !== undefined && { labels: waves('labels', labels) }),
    ...text.values,
    ...(text.mask && { mask: text.mask }),
  };
}

function perRow(what: string, values: number | readonly number[], rows: number): readonly number[] {
  if (typeof values === 'number') return Array<number>(rows).fill(values);
  if (values.length !== rows)
    throw new ShapeError(what, [values.length], `one, or one for each of ${rows} rows`);
  return values;
}

function checkSample({ shape }: Tensor, text: TextContext, config: UNetConfig): number {
  const multiple = 2 ** (config.down.length - 1);
  const [rows = 0, inChannels, height = 0, width = 0] = shape;
  const fits =
    shape.length === 4 &&
    rows > 0 &&
    height > 0 &&
    width > 0 &&
    height % multiple === 0 &&
    width % multiple === 0;
  if (!fits || inChannels !== config.inChannels) {
    throw new ShapeError(
      'sample',
      shape,
      `[N, ${config.inChannels}, H, W] with H and W multiples of ${multiple}`,
    );
  }
  if (text.rows !== 1 && text.rows !== rows)
    throw new ShapeError('text', [text.rows, text.tokens], `one row, or ${rows} like the sample`);
  return rows;
}

/** @throws {ShapeError} when they are not of a text encoder that the network can be fed from */
export function checkEmbeddings(
  { shape }: Tensor,
  mask: Tensor | undefined,
  config: UNetConfig,
): [rows: number, tokens: number] {
  const [rows = 0, tokens = 0, dim] = shape;
  if (shape.length !== 3 || rows === 0 || tokens === 0 || dim !== config.textDim) {
    throw new ShapeError(
      'text',
      shape,
      `[B, tokens, ${config.textDim}]`,
      'the embeddings are of another text encoder than this network was trained with',
    );
  }
  if (mask && !sameShape(mask.shape, [rows, tokens]))
    throw new ShapeError('text mask', mask.shape, `[${rows}, ${tokens}] like the text`);
  return [rows, tokens];
}

/** Opens at the first call; a failure is not kept. */
function once(open: () => Promise<Session>): () => Promise<Session> {
  let session: Promise<Session> | undefined;
  return () => {
    session ??= open().catch((error: unknown) => {
      session = undefined;
      throw error;
    });
    return session;
  };
}

/** Splits a network's answer: the first three channels are the noise, three more what it says of the variance. */
export function splitEstimate(out: Tensor, imageChannels: number): { noise: Tensor; variance?: Tensor } {
  if (out.shape[1] === imageChannels) return { noise: out };
  return {
    noise: channels(out, 0, imageChannels),
    variance: channels(out, imageChannels, 2 * imageChannels),
  };
}
