import { runtime } from '#platform/engine';
import { machine } from '#platform/machine';
import type { UNetConfig } from '../checkpoint/unet-config.ts';
import type { Weights } from '../checkpoint/weights.ts';
import { isCard, precisionOn } from '../engine/options.ts';
import { ResourceError } from '../errors.ts';
import type { Device, MemoryUse, Precision } from '../platform/engine.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { countOf, type Parameters, unetParameters } from './parameters.ts';
import { type Attention, type Resnet, type StageOfLayers, topologyOf } from './topology.ts';
import { WIDENED_AT_ONCE } from './unet-graph.ts';

/** What opening and running a network will take, before any of it is loaded. */
export interface Plan {
  /** Bytes of the weights in their files. */
  readonly weightsBytes: number;
  /** 'fast' where it fits into half of what is free, otherwise 'low'. */
  readonly memory: MemoryUse;
  readonly precision: Precision;
  /** Whether it is opened once more for each half of the threads: small networks on a CPU. */
  readonly twoLanes: boolean;
  /** Everything together, at the size it was trained at and one picture at a time; on a GPU, what the program beside it takes. */
  readonly memoryBytes: number;
  /** What the layers pass on to each other. */
  readonly activationBytes: number;
  /** On a GPU: the card's memory for weights and activations. */
  readonly deviceBytes: number | undefined;
  readonly gflopPerCall: number;
  /** On a CPU; how fast a GPU is, is not known before. */
  readonly secondsPerCall: number | undefined;
}

/** float32 products of one core with AVX-512, measured over whole networks; others differ by a factor of two or so. */
const GFLOP_PER_SECOND_AND_THREAD = 90;
/** Node, ONNX Runtime, and the graph. */
const PROGRAM_BYTES = 150e6;
const TOKENS = 77;
/** Networks that take no more than this are opened three times for speed, where there is room. */
const SMALL_BYTES = 400e6;

export interface PlanOptions {
  readonly threads?: number | undefined;
  readonly memory?: MemoryUse | undefined;
  readonly device?: Device | undefined;
  readonly precision?: Precision | undefined;
  /** Bytes this program may take; what the system calls available by default. */
  readonly availableBytes?: number | undefined;
}

export function planUnet(config: UNetConfig, weights: Weights, options: PlanOptions = {}): Plan {
  const { threads = machine.cores, availableBytes = machine.availableBytes(), device = 'cpu' } = options;
  const precision = precisionOn(device, options.precision);
  const onCard = isCard(device);
  const weightsBytes = [...weights.tensors.values()].reduce((total, { length }) => total + length, 0);
  const { flop, activationBytes } = costOf(config);
  const { program, card } = weightsMemory(unetParameters(config), weightsBytes, precision, onCard);
  const fitsFast = program.fast + activationBytes + PROGRAM_BYTES < availableBytes / 2;
  const memory = options.memory ?? (fitsFast ? 'fast' : 'low');
  const networkBytes = program[memory] + activationBytes;
  const roomForThree = 3 * networkBytes + PROGRAM_BYTES < availableBytes / 2;
  const twoLanes =
    runtime.sideBySide &&
    !onCard &&
    memory === 'fast' &&
    threads % 2 === 0 &&
    networkBytes < SMALL_BYTES &&
    roomForThree;
  return {
    weightsBytes,
    memory,
    precision,
    twoLanes,
    activationBytes,
    memoryBytes: networkBytes * (twoLanes ? 3 : 1) + PROGRAM_BYTES,
    deviceBytes: onCard ? card[memory] + activationBytes : undefined,
    gflopPerCall: flop / 1e9,
    secondsPerCall: onCard ? undefined : flop / 1e9 / (GFLOP_PER_SECOND_AND_THREAD * threads),
  };
}

/** @throws {ResourceError} 'too-large', with what to do instead */
export function checkFits(
  name: string,
  { memoryBytes, memory }: Plan,
  availableBytes = machine.availableBytes(),
): void {
  if (memoryBytes <= availableBytes) return;
  const gb = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new ResourceError(
    'too-large',
    `${name} needs about ${gb(memoryBytes)} of memory, ${gb(availableBytes)} are available`,
    {
      hint:
        memory === 'fast'
          ? 'leave the memory option out: the weights then stay in their file'
          : 'close other programs, take a smaller model of the family (IF-I-M needs 2 GB), or the fp16 file of this one',
    },
  );
}

/** What is taken beyond the weights while they are loaded, as a share of them; measured on IF-I-M. */
const LOADING = 1 / 8;

/** Of the weights in float32, the share that a CPU asked for halves has widened before its turn; measured on IF-I-M. */
const CAST_EARLY = 1 / 4;

/** What weights take in the program's memory and on a card. */
function weightsMemory(
  parameters: Parameters,
  weightsBytes: number,
  precision: Precision,
  onCard: boolean,
): Record<'program' | 'card', Record<MemoryUse, number>> {
  const floats = 4 * countOf(parameters);
  const low = weightsBytes + 2 * largestBytes(parameters);
  if (precision === 'half') {
    const card = { fast: floats / 2, low: floats / 2 };
    if (onCard) return { program: { fast: low, low }, card };
    return { program: { fast: fastBytes(parameters), low: low + floats * CAST_EARLY }, card };
  }
  return {
    // On the way to a card everything is widened in the program.
    program: { fast: onCard ? weightsBytes + floats : fastBytes(parameters), low },
    card: { fast: floats, low },
  };
}

/** All weights in float32, and the kernels once more in the processor's own layout. */
const fastBytes = (parameters: Parameters): number => {
  const kernels = [...parameters.values()].filter((shape) => shape.length === 4);
  const kept = 4 * (countOf(parameters) + kernels.reduce((total, shape) => total + sizeOf(shape), 0));
  return kept * (1 + LOADING);
};

/** The largest weight that is widened at once. */
const largestBytes = (parameters: Parameters): number =>
  Math.min(WIDENED_AT_ONCE, 4 * Math.max(...[...parameters.values()].map(sizeOf)));

/** Floating-point operations of one call (2 for each product), and bytes alive at its widest point. */
function costOf(config: UNetConfig): { flop: number; activationBytes: number } {
  const size = config.sampleSize ?? 64;
  const { down, mid, up } = topologyOf(config);
  const pixelsAt = (level: number) => (size / 2 ** level) ** 2;
  const skipsBytes =
    4 *
    down.reduce((total, { layers, resampler }, i) => {
      const own = layers.reduce((sum, { resnet }) => sum + resnet.outChannels * pixelsAt(i), 0);
      return total + own + (resampler ? resampler.outChannels * pixelsAt(i + 1) : 0);
    }, 0);
  const widest = Math.max(
    ...up.flatMap(({ layers }, i) =>
      layers.map(({ resnet }) => resnet.inChannels * pixelsAt(up.length - 1 - i)),
    ),
  );
  const ofStage = ({ layers, resampler }: StageOfLayers, pixels: number, resampledPixels: number) =>
    layers.reduce(
      (sum, { resnet, attention }) =>
        sum + resnetFlop(resnet, pixels) + (attention ? attentionFlop(attention, pixels) : 0),
      0,
    ) + (resampler ? resnetFlop(resampler, resampledPixels) : 0);
  const inner = pixelsAt(down.length - 1);
  const first = config.down[0]!.channels;
  const flop =
    2 *
      (config.inChannels * config.convInKernel ** 2 + config.outChannels * config.convOutKernel ** 2) *
      first *
      pixelsAt(0) +
    down.reduce((sum, stage, i) => sum + ofStage(stage, pixelsAt(i), pixelsAt(i + 1)), 0) +
    resnetFlop(mid.before, inner) +
    attentionFlop(mid.attention, inner) +
    resnetFlop(mid.after, inner) +
    up.reduce(
      (sum, stage, i) => sum + ofStage(stage, pixelsAt(up.length - 1 - i), pixelsAt(up.length - 2 - i)),
      0,
    );
  // Beside the skips: input, norm, activation and result of a layer, in two layouts.
  return { flop, activationBytes: skipsBytes + 8 * 4 * widest };
}

function resnetFlop({ inChannels, outChannels }: Resnet, pixels: number): number {
  const shortcut = inChannels === outChannels ? 0 : inChannels * outChannels;
  return 2 * pixels * (9 * inChannels * outChannels + 9 * outChannels ** 2 + shortcut);
}

function attentionFlop({ channels, level }: Attention, pixels: number): number {
  const projections = level.onlyCrossAttention ? 2 : 4;
  const keys = level.onlyCrossAttention ? TOKENS : TOKENS + pixels;
  return 2 * pixels * channels ** 2 * projections + 4 * pixels * keys * channels;
}
