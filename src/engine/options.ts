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
 * 'fast' widens the weights at loading and keeps a second copy of the kernels in the layout the processor likes;
 * 'low' leaves the weights in their file, mapped, and widens each one when its layer runs.
 */
export type MemoryUse = 'fast' | 'low';

export interface SessionOptions {
  /** Where the external bytes of the graph lie: real files in this folder or below. */
  readonly folder: string;
  readonly memory?: MemoryUse | undefined;
}

/** @see https://onnxruntime.ai/docs/performance/tune-performance */
export function onnxRuntimeOptions(
  options: SessionOptions,
  threads: number,
  device: Device,
): InferenceSession.SessionOptions {
  const common = {
    executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
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
