import { ResourceError } from '../errors.ts';
import type { Device } from '../platform/engine.ts';

/** What ONNX Runtime's words mean, and what to do. */
interface Failure {
  readonly words: RegExp;
  readonly code: string;
  /** Stands before ONNX Runtime's own words. */
  readonly message?: string;
  readonly hint: string;
}

const outOfMemory = (hint: string): Failure => ({ words: /alloc|memory/i, code: 'out-of-memory', hint });
const cardFull = outOfMemory(
  "the card's memory is too small: --precision half, a smaller model, or --device cpu",
);
const elsewhere = '--device cpu works everywhere';

/** The first whose words occur counts. */
const failures: Record<Device, readonly Failure[]> = {
  cpu: [
    outOfMemory('close other programs, ask for smaller batches, or open the model with memory "low"'),
    {
      words: /^/,
      code: 'engine',
      hint: 'a damaged checkpoint can cause this: run `campanile model check` on it',
    },
  ],
  openvino: [
    {
      words: /is not installed/,
      code: 'device-missing',
      hint: `\`npm install koffi\` beside campanile and \`pip install openvino\`, or name the folder of OpenVINO's libraries in CAMPANILE_OPENVINO; ${elsewhere}`,
    },
    outOfMemory(elsewhere),
    { words: /^/, code: 'engine', hint: elsewhere },
  ],
  cuda: [
    {
      words: /not available|shared library|load library|shared object/i,
      code: 'device-missing',
      message: "ONNX Runtime's libraries for CUDA are missing, or the CUDA and cuDNN that they need",
      hint: `on Linux with an NVIDIA card, CUDA 12 and cuDNN 9: run \`node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12\` beside campanile, which fetches them; ${elsewhere}`,
    },
    {
      words: /no CUDA-capable device|driver version|CUDA failure (35|100)\b/i,
      code: 'device-missing',
      message: 'no NVIDIA card can be used',
      hint: `nvidia-smi must list the card, with a driver for CUDA 12 or later; ${elsewhere}`,
    },
    cardFull,
    { words: /^/, code: 'engine', hint: elsewhere },
  ],
  webgpu: [
    {
      words: /not available|WebGPU adapter/i,
      code: 'device-missing',
      message: 'no graphics card was found',
      hint: `on Linux the card's Vulkan driver and its loader are needed (libvulkan1 on Debian and Ubuntu; \`vulkaninfo --summary\` must list the card), on Windows and macOS the system's driver; ${elsewhere}`,
    },
    {
      words: /requires f16/i,
      code: 'device-no-half',
      message: 'this graphics card, or its driver, has no arithmetic in 16 bits',
      hint: `--precision full; ${elsewhere}`,
    },
    cardFull,
    { words: /^/, code: 'engine', hint: `try --precision full; ${elsewhere}` },
  ],
};

/** What ONNX Runtime says, as an error that says what to do. */
export function engineError(said: string, device: Device): ResourceError {
  const { code, message, hint } = failures[device].find(({ words }) => words.test(said))!;
  const where = device === 'cpu' ? 'ONNX Runtime' : `device "${device}"`;
  return new ResourceError(code, [where, message, firstLine(said)].filter(Boolean).join(': '), { hint });
}

/** Without the places in ONNX Runtime's source, which stand before what it says. */
const firstLine = (said: string): string =>
  said
    .trim()
    .split('\n')[0]!
    .replace(/^.*was false\. /, '');
