import { ResourceError } from '../errors.ts';
import { relativeError } from '../tensor/difference.ts';
import { TorchGenerator } from '../tensor/random.ts';
import { sizeOf, type Tensor } from '../tensor/tensor.ts';
import { startUnet, type Unet, type UnetFiles, type UnetOptions } from './unet.ts';

/** Half precision on a GPU is good for 1e-3; a broken driver is wrong by more than this. */
const TOLERANCE = 2e-2;

/**
 * Holds one small step on a GPU against the same step on the CPU, before anybody waits for a picture.
 *
 * @throws {ResourceError} 'device-differs', or what the device says when it cannot be opened
 */
export async function checkDevice(files: UnetFiles, unet: Unet, options: UnetOptions): Promise<void> {
  if (options.device === undefined || options.device === 'cpu') return;
  const cpu = startUnet(files, { ...options, device: 'cpu', memory: 'low' });
  try {
    const difference = relativeError(await smallStep(unet), await smallStep(cpu));
    if (difference <= TOLERANCE) return;
    throw new ResourceError(
      'device-differs',
      `one step on ${options.device} differs from the CPU by ${difference.toPrecision(2)} of its largest value`,
      {
        hint: 'the driver or this kind of GPU computes something wrong; --device cpu works everywhere',
      },
    );
  } finally {
    await cpu.close();
  }
}

/** The smallest picture that the network can halve as often as it wants, with two pixels left at the deepest level. */
async function smallStep({ config, step, text }: Unet): Promise<Tensor> {
  const size = 2 ** config.down.length;
  const generator = new TorchGenerator(180);
  const random = (...shape: number[]): Tensor => ({ data: generator.randn(sizeOf(shape)), shape });
  const context = await text(random(1, 8, config.textDim));
  return step(random(1, config.inChannels, size, size), 500, context, { labels: 250 });
}
