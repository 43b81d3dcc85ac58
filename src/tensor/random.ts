import { ArgumentError } from '../errors.ts';
import { checkNumber, MOST_VALUES } from './check.ts';
import { boxMuller32, boxMuller64 } from './normal.ts';
import { roundHalfEven } from './rounding.ts';

/**
 * torch's CPU generator: MT19937 underneath, normal values by Box and Muller in torch's own order.
 *
 * Integers, uniforms and float32 normal values are equal to those of torch 2.13 bit for bit, on processors with AVX2; on
 * others torch itself differs from them by up to 1.5e-6.
 *
 * @see Matsumoto, Nishimura 1998, "Mersenne Twister"
 */
export class TorchGenerator {
  private readonly state = new Uint32Array(624);
  private index = 624;
  private cached: number | undefined;

  /**
   * Like `torch.Generator().manual_seed(seed)`: only the low 32 bits of the seed count.
   *
   * @throws {ArgumentError} unless the seed is a whole number
   */
  constructor(seed: number | bigint) {
    if (typeof seed !== 'bigint' && !Number.isSafeInteger(seed))
      throw new ArgumentError('seed', seed, 'a whole number');
    let s = Number(BigInt.asUintN(32, BigInt(seed)));
    this.state[0] = s;
    for (let i = 1; i < 624; i++) {
      s = (Math.imul(1812433253, s ^ (s >>> 30)) + i) >>> 0;
      this.state[i] = s;
    }
  }

  /** The next 32 random bits. */
  uint32(): number {
    if (this.index === 624) this.twist();
    let y = this.state[this.index++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  private twist(): void {
    const s = this.state;
    for (let i = 0; i < 624; i++) {
      const y = (s[i]! & 0x80000000) | (s[(i + 1) % 624]! & 0x7fffffff);
      s[i] = s[(i + 397) % 624]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.index = 0;
  }

  /** Uniform in [0, 1) with the 24 bits of a float32. */
  uniform(): number {
    return (this.uint32() & 0xffffff) / 0x1000000;
  }

  /** Uniform in [0, 1) with 53 bits; the first draw is the high word. */
  uniform64(): number {
    const high = this.uint32();
    const low = this.uint32();
    return ((high & 0x1fffff) * 0x100000000 + low) / 0x20000000000000;
  }

  /** `torch.rand(count, generator=…)` in float32. */
  rand(count: number): Float32Array {
    checkNumber('count', count, { min: 0, max: MOST_VALUES, whole: true });
    return Float32Array.from({ length: count }, () => this.uniform());
  }

  /** `torch.randn(count, generator=…)` in float32. */
  randn(count: number): Float32Array {
    checkNumber('count', count, { min: 0, max: MOST_VALUES, whole: true });
    return this.fillNormal(new Float32Array(count), () => this.uniform(), boxMuller32);
  }

  /** `torch.randn(count, dtype=torch.float64, generator=…)`. */
  randn64(count: number): Float64Array {
    checkNumber('count', count, { min: 0, max: MOST_VALUES, whole: true });
    return this.fillNormal(new Float64Array(count), () => this.uniform64(), boxMuller64);
  }

  /** `torch.randn(count, dtype=torch.float16, generator=…)`: float32 inside, rounded at the end; the tail is not drawn twice. */
  randn16(count: number): Float32Array {
    checkNumber('count', count, { min: 0, max: MOST_VALUES, whole: true });
    const blocks = count - (count % 16);
    const data = this.fillNormal(new Float32Array(count), () => this.uniform(), boxMuller32, blocks);
    return data.map(nearestHalf);
  }

  /**
   * Sixteen normal values at a time; fewer than sixteen are drawn one by one. Where the length is no multiple, the last
   * sixteen are drawn anew and overlap the block before them.
   *
   * @param drawn  how many uniforms are drawn before the first block is made
   */
  private fillNormal<Data extends Float32Array | Float64Array>(
    data: Data,
    uniform: () => number,
    boxMuller: (data: Data, at: number) => void,
    drawn = data.length,
  ): Data {
    const count = data.length;
    if (count < 16) {
      for (let i = 0; i < count; i++) data[i] = this.normal();
      return data;
    }
    for (let i = 0; i < drawn; i++) data[i] = uniform();
    for (let i = 0; i + 16 <= count; i += 16) boxMuller(data, i);
    if (count % 16 !== 0) {
      for (let i = count - 16; i < count; i++) data[i] = uniform();
      boxMuller(data, count - 16);
    }
    return data;
  }

  /** One at a time, in pairs: the second of a pair waits for the next call, whatever is drawn in between. */
  private normal(): number {
    if (this.cached !== undefined) {
      const value = this.cached;
      this.cached = undefined;
      return value;
    }
    const angle = 2 * Math.PI * this.uniform64();
    const radius = Math.sqrt(-2 * Math.log1p(-this.uniform64()));
    this.cached = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

/** Halves have 11 bits, and below 2⁻¹⁴ a step of 2⁻²⁴; a normal value is never beyond the largest, 65 504. */
function nearestHalf(x: number): number {
  const step = 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(x)))) - 10);
  return roundHalfEven(x / step) * step;
}
