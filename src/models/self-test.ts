import { precisionOn } from '../engine/options.ts';
import { ResourceError } from '../errors.ts';
import type { Precision } from '../platform/engine.ts';
import { relativeError } from '../tensor/difference.ts';
import { TorchGenerator } from '../tensor/random.ts';
import { sizeOf, type Tensor } from '../tensor/tensor.ts';
import { startUnet, type Unet, type UnetHeaders, type UnetOptions } from './unet.ts';

/**
 * How far a device that works is away, of the largest value. Measured: in float32 2e-6, and CUDA may round factors to 10 bits
 * as halves do; in halves 1e-3 where products are summed in float32, up to 2e-2 on WebGPU, which sums in halves; 3e-3 in OpenVINO's bfloat16. One attention
 * operator that was right to 20 dB made 1e-2 in float32.
 */
const TOLERANCE: Record<Precision, number> = { full: 5e-3, half: 5e-2 };

/**
 * Holds one small step on another device against the same step on the CPU, before anybody waits for a picture.
 *
 * @throws {ResourceError} 'device-differs', or what the device says when it cannot be opened
 */
export async function checkDevice(files: UnetHeaders, unet: Unet, options: UnetOptions): Promise<void> {
  const { device = 'cpu', precision = precisionOn(device) } = options;
  const cpu = startUnet(files, { threads: options.threads, device: 'cpu', memory: 'low', precision: 'full' });
  try {
    const difference = relativeError(await smallStep(unet), await smallStep(cpu));
    if (difference <= TOLERANCE[precision]) return;
    throw new ResourceError(
      'device-differs',
      `one step on ${device} in ${precision} precision differs from the CPU by ${difference.toPrecision(2)} of its largest value, expected ${TOLERANCE[precision]} at most`,
      {
        hint:
          precision === 'half'
            ? `try --precision full, which this device may compute right; --device cpu works everywhere`
            : 'the driver or this kind of GPU computes something wrong; --device cpu works everywhere',
      },
    );
  } finally {
    await cpu.close();
  }
}

/** Small for the processor's sake, and large enough for devices to take their ways for many tokens. */
const SIZE = 32;

async function smallStep({ config, step, text }: Unet): Promise<Tensor> {
  const size = Math.max(SIZE, 2 ** config.down.length);
  const generator = new TorchGenerator(180);
  const random = (...shape: number[]): Tensor => ({ data: generator.randn(sizeOf(shape)), shape });
  const context = await text(random(1, 8, config.textDim));
  return step(random(1, config.inChannels, size, size), 500, context, { labels: 250 });
}
