import type { InferenceSession } from 'onnxruntime-common';
import { ResourceError } from '../../errors.ts';
import { type Device, type Runtime, usualOptions } from '../engine.ts';
import { type Announced, fetched } from './fetched.ts';
import { blobOf, files as stored } from './files.ts';

/** What the device leaves out, the processor does. */
const providers: Partial<Record<Device, readonly InferenceSession.ExecutionProviderConfig[]>> = {
  cpu: ['wasm'],
  // Its usual layout, channels last, gives wrong numbers for six channels, as stage II has (ONNX Runtime 1.30).
  webgpu: [{ name: 'webgpu', preferredLayout: 'NCHW' }, 'wasm'],
};

// Written out one by one: bundlers find the files by these very expressions.
const starts: Partial<Record<Device, () => Worker>> = {
  cpu: () => new Worker(new URL('./engine-thread.js', import.meta.url), { type: 'module' }),
  webgpu: () => new Worker(new URL('./webgpu-thread.js', import.meta.url), { type: 'module' }),
};

/** ONNX Runtime's WebAssembly, as a file that is fetched and kept as models are. */
export interface RuntimeFile extends Announced {
  readonly address: string;
}
let runtimeFile: RuntimeFile | undefined;

/** Without this ONNX Runtime fetches its file itself, from where the bundler put it, and the browser keeps it as long as it likes. */
export const keepRuntime = (file: RuntimeFile): void => {
  runtimeFile = file;
};

/** The runtime's file; undefined where it fetches its own. */
async function runtimeBytes(): Promise<Blob | undefined> {
  if (typeof WebAssembly === 'undefined')
    throw new ResourceError('device-missing', 'this browser runs no WebAssembly, with which models compute', {
      hint: 'allow it in the settings, or open the page in another browser',
    });
  return runtimeFile && fetched(runtimeFile.address, runtimeFile);
}

/** Without an adapter ONNX Runtime would compute with WebAssembly, and tell nobody. */
async function adapterThere(): Promise<void> {
  const { gpu } = globalThis.navigator as { gpu?: { requestAdapter(): Promise<object | null> } };
  if (await gpu?.requestAdapter()) return;
  throw new ResourceError('device-missing', 'this browser has no WebGPU, or no graphics card for it', {
    hint: 'leave the device out: WebAssembly computes in every browser',
  });
}

/** What has to be there before a device computes. */
const runtimeOf = async (device: Device): Promise<Blob | undefined> => {
  if (device === 'webgpu') await adapterThere();
  return runtimeBytes();
};

/** The thread of each device, as long as an engine uses it. */
interface Shared {
  readonly worker: Worker;
  readonly runtime: Promise<Blob | undefined>;
  readonly users: Set<(why: string | Error) => void>;
}
const running = new Map<Device, Shared>();

function sharedThread(device: Device): Shared {
  const known = running.get(device);
  if (known) return known;
  const start = starts[device];
  if (!start)
    throw new ResourceError('device-missing', `a browser has no device "${device}"`, {
      hint: `it has ${Object.keys(starts).join(' and ')}`,
    });
  const shared: Shared = { worker: start(), runtime: runtimeOf(device), users: new Set() };
  shared.worker.onerror = ({ message }) => {
    running.delete(device);
    for (const fail of shared.users) fail(message || 'the thread that computes could not be started');
  };
  running.set(device, shared);
  return shared;
}

export const runtime: Runtime = {
  sideBySide: false,
  convolvesByProducts: true,
  widensHalves: true,
  start(device, threads, { heard, ended }) {
    const { worker, users, runtime } = sharedThread(device);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => heard(data);
    users.add(ended);
    // What is asked until then waits in the port.
    runtime.then(
      (wasm) => {
        const settings = { threads: globalThis.crossOriginIsolated ? threads : 1, wasm };
        worker.postMessage({ port: port2, ...settings }, [port2]);
      },
      (error: Error) => {
        running.delete(device);
        ended(error);
      },
    );
    return {
      post: (request) => port1.postMessage(request),
      setAwaited: () => {},
      async end() {
        port1.close();
        users.delete(ended);
        ended();
        // Its memory is given back only with the thread.
        if (users.size > 0 || running.get(device)?.worker !== worker) return;
        running.delete(device);
        worker.terminate();
      },
    };
  },
  async sessionOptions({ folder, files = [], memory, widened }, _threads, device) {
    return {
      ...usualOptions(memory),
      executionProviders: [...(providers[device] ?? [])],
      externalData: await Promise.all(
        files.map(async (file) => ({ path: stored.within(folder, file), data: await blobOf(file), widened })),
      ),
    };
  },
};
