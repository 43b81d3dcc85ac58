import type { UNetConfig } from '../checkpoint/unet-config.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * Times as waves of falling frequency, every operation rounded to float32 as PyTorch's is:
 *
 *     f_k = exp(−ln(10000)·k/(half − shift)),   [sin t·f | cos t·f] or, flipped, [cos | sin]
 *
 * Differs: torch's exp is now and then one unit in the last place off, which makes 6e-5 at t = 999.
 *
 * It stays outside the graph: a device that computes in halves would round t = 501 to 500.
 *
 * @returns [times, width]; an odd width ends in a zero
 * @see Vaswani et al. 2017, arXiv 1706.03762, section 3.5; diffusers' get_timestep_embedding
 */
export function sinusoid(
  times: readonly number[],
  width: number,
  { flipSinToCos, freqShift }: Pick<UNetConfig, 'flipSinToCos' | 'freqShift'>,
): Tensor {
  const { fround } = Math;
  const half = Math.floor(width / 2);
  const [sinAt, cosAt] = flipSinToCos ? [half, 0] : [0, half];
  const data = new Float32Array(times.length * width);
  for (let k = 0; k < half; k++) {
    const exponent = fround(fround(fround(-Math.log(10_000)) * k) / fround(half - freqShift));
    const frequency = fround(Math.exp(exponent));
    times.forEach((t, row) => {
      const angle = fround(fround(t) * frequency);
      data[row * width + sinAt + k] = Math.sin(angle);
      data[row * width + cosAt + k] = Math.cos(angle);
    });
  }
  return { data, shape: [times.length, width] };
}
