import { availableParallelism, loadavg } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import { RecipeError } from '../errors.ts';

export const devices = ['cpu', 'cuda', 'webgpu'] as const;
export type Device = (typeof devices)[number];

/** @throws {RecipeError} when there is no such device */
export function deviceNamed(name: string): Device {
  const device = devices.find((known) => known === name);
  if (device === undefined) throw new RecipeError('device', `"${name}" is none of ${devices.join(', ')}`);
  return device;
}

/**
 * What a network computes in. 'half': matrices, convolutions and what layers pass to each other in float16; norms, the time, scores
 * of attention, the first and the last convolution in float32. 'full': float32 throughout. What goes in and comes out is float32.
 */
export const precisions = ['half', 'full'] as const;
export type Precision = (typeof precisions)[number];

/**
 * CUDA adds up products of halves in float32. ONNX Runtime's shaders for WebGPU add them up in halves: one convolution of 768
 * channels is then good to 39 dB, one of 2816 to 33.
 */
const usualPrecision: Record<Device, Precision> = { cpu: 'full', cuda: 'half', webgpu: 'full' };

/**
 * The precision of that name; without one, what suits the device.
 *
 * @throws {RecipeError} when there is no such precision
 */
export function precisionOn(device: Device, name?: string): Precision {
  const precision = name === undefined ? usualPrecision[device] : precisions.find((known) => known === name);
  if (precision === undefined)
    throw new RecipeError('precision', `"${name}" is none of ${precisions.join(', ')}`);
  return precision;
}

/**
 * 'fast' widens the weights at loading and keeps a second copy of the kernels in the layout the processor likes;
 * 'low' leaves the weights in their file, mapped, and widens each one when its layer runs.
 */
export type MemoryUse = 'fast' | 'low';

export interface SessionOptions {
  /** Where the external bytes of the graph lie: real files in this folder or below. */
  readonly folder: string;
  readonly memory?: MemoryUse | undefined;
}

/** What the device leaves out, the processor does. */
const providers: Record<Device, readonly InferenceSession.ExecutionProviderConfig[]> = {
  cpu: ['cpu'],
  cuda: ['cuda', 'cpu'],
  // Its usual layout, channels last, gives wrong numbers for six channels, as stage II has (ONNX Runtime 1.30).
  webgpu: [{ name: 'webgpu', preferredLayout: 'NCHW' }, 'cpu'],
};

/** @see https://onnxruntime.ai/docs/performance/tune-performance */
export function onnxRuntimeOptions(
  options: SessionOptions,
  threads: number,
  device: Device,
): InferenceSession.SessionOptions {
  const common = {
    executionProviders: [...providers[device]],
    intraOpNumThreads: threads,
    logSeverityLevel: 4, // errors are thrown, too
  } as const;
  const session = {
    model_external_initializers_file_folder_path: options.folder,
    force_spinning_stop: '1',
    ...(othersAreBusy() && { intra_op: { allow_spinning: '0' } }),
  };
  if (options.memory !== 'low') return { ...common, graphOptimizationLevel: 'all', extra: { session } };
  return {
    ...common,
    graphOptimizationLevel: 'extended',
    // Neither keeps what a layer has given back.
    enableCpuMemArena: false,
    enableMemPattern: false,
    extra: {
      session: { ...session, disable_prepacking: '1' },
      // Folded, every Cast would be done at loading and all weights be in memory at once.
      optimization: { disable_specified_optimizers: 'ConstantFolding' },
    },
  };
}

/**
 * Threads that wait for each other spin, which is quickest on a quiet machine. Beside other programs it doubles the
 * processor time and a step takes a third longer.
 */
const othersAreBusy = (): boolean => (loadavg()[0] ?? 0) > availableParallelism();
