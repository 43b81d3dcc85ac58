import { Worker } from 'node:worker_threads';
import type { InferenceSession } from 'onnxruntime-common';
import { type Device, type Runtime, usualOptions } from '../engine.ts';
import { isInMemory } from '../memory.ts';
import { files as stored } from './files.ts';
import { machine } from './machine.ts';

/** What the device leaves out, the processor does. */
const providers: Record<Exclude<Device, 'openvino'>, readonly InferenceSession.ExecutionProviderConfig[]> = {
  cpu: ['cpu'],
  cuda: ['cuda', 'cpu'],
  // Its usual layout, channels last, gives wrong numbers for six channels, as stage II has (ONNX Runtime 1.30).
  webgpu: [{ name: 'webgpu', preferredLayout: 'NCHW' }, 'cpu'],
};

export const runtime: Runtime = {
  sideBySide: true,
  convolvesByProducts: false,
  widensHalves: false,
  start(device, _threads, { heard, ended }) {
    const file = device === 'openvino' ? './openvino-thread.js' : './engine-thread.js';
    const worker = new Worker(new URL(file, import.meta.url), { execArgv: [] });
    worker.on('message', heard);
    worker.on('error', (error) => ended(error.message));
    worker.on('exit', () => ended());
    worker.unref();
    return {
      post: (request) => worker.postMessage(request),
      setAwaited: (awaited) => (awaited ? worker.ref() : worker.unref()),
      end: async () => void (await worker.terminate()),
    };
  },
  /** @see https://onnxruntime.ai/docs/performance/tune-performance */
  async sessionOptions({ folder, files = [], memory, precision }, threads, device) {
    if (device === 'openvino') return { extra: { openvino: { folder, files, threads, precision } } };
    const inMemory = isInMemory(folder);
    return {
      ...usualOptions(memory),
      executionProviders: [...providers[device]],
      intraOpNumThreads: threads,
      ...(inMemory && { externalData: await Promise.all(files.map((file) => contentOf(folder, file))) }),
      extra: {
        session: {
          ...(!inMemory && { model_external_initializers_file_folder_path: folder }),
          force_spinning_stop: '1',
          // Threads that wait for each other spin, which is quickest on a quiet machine. Beside other programs it doubles the
          // processor time and a step takes a third longer.
          ...(machine.isBusy() && { intra_op: { allow_spinning: '0' } }),
          ...(memory === 'low' && { disable_prepacking: '1' }),
        },
        // Folded, every Cast would be done at loading and all weights be in memory at once.
        ...(memory === 'low' && { optimization: { disable_specified_optimizers: 'ConstantFolding' } }),
      },
    };
  },
};

const contentOf = async (folder: string, file: string) => ({
  path: stored.within(folder, file),
  data: await stored.read(file),
});
