const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** IEEE half precision: 1 sign bit, 5 of exponent (bias 15), 10 of mantissa. Exact. */
export function fromHalf(half: number): number {
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  const sign = half & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Infinity;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of a float32. Exact. */
export function fromBfloat16(half: number): number {
  bits[0] = half << 16;
  return float[0]!;
}

/** All 65,536 halves as float32, for whole arrays at once. */
const halves = Float32Array.from({ length: 65536 }, (_, half) => fromHalf(half));

export const halvesToFloats = (source: Uint16Array): Float32Array =>
  Float32Array.from(source, (half) => halves[half]!);

export function bfloat16sToFloats(source: Uint16Array): Float32Array {
  const words = Uint32Array.from(source, (half) => half << 16);
  return new Float32Array(words.buffer);
}
