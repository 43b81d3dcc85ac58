import { roundHalfEven } from './rounding.ts';

export { halfToFloat, halvesToFloats } from './halves.js';

/** bfloat16 is the upper half of a float32. */
export function bfloat16sToFloats(values: Uint16Array): Float32Array {
  const bits = Uint32Array.from(values, (value) => value << 16);
  return new Float32Array(bits.buffer);
}

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** The nearest half, ties to even; beyond 65 504 infinity. */
export function floatToHalf(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Below 2⁻¹⁴ halves are multiples of 2⁻²⁴.
  if (magnitude < 0x38800000) return sign | roundHalfEven(Math.abs(value) * 2 ** 24);
  // Rebias the exponent from 127 to 15, and round the 13 bits that fall off.
  const rebased = magnitude - (112 << 23);
  return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
}
