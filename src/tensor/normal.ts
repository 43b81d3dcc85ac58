const { fround, sqrt } = Math;

/**
 * Box and Muller's eight radii and eight angles as torch computes them in float32, to the last bit: sixteen uniforms at `at`
 * become sixteen normal values, in place.
 *
 * torch takes logarithm, sine and cosine from Moshier's Cephes library, eight at a time (`avx_mathfun.h`), and its compiler
 * makes one operation of a product and a sum. A double holds the product of two floats exactly: `fround(a * b + c)` is that
 * one operation.
 */
export function boxMuller32(data: Float32Array, at: number): void {
  for (let j = at; j < at + 8; j++) {
    const radius = fround(sqrt(fround(-2 * log(1 - data[j]!))));
    const { sin, cos } = sinCos(fround(TWO_PI * data[j + 8]!));
    data[j] = radius * cos;
    data[j + 8] = radius * sin;
  }
}

/** The same in float64, with the functions of the platform. */
export function boxMuller64(data: Float64Array, at: number): void {
  for (let j = at; j < at + 8; j++) {
    const radius = sqrt(-2 * Math.log(1 - data[j]!));
    const angle = 2 * Math.PI * data[j + 8]!;
    data[j] = radius * Math.cos(angle);
    data[j + 8] = radius * Math.sin(angle);
  }
}

const TWO_PI = fround(2 * Math.PI);
const FOUR_OVER_PI = fround(4 / Math.PI);
const HALF_ROOT = fround(Math.SQRT1_2);
/** ln 2 in two parts: the first times a small whole number is exact. */
const LN2 = [0.693359375, fround(-2.1219444e-4)] as const;
/** π/4 in three parts, likewise. */
const QUARTER_PI = Float32Array.of(0.78515625, 2.4187564849853516e-4, 3.774894977445941e-8);

/** ln(1 + x) = x − x²/2 + x³·P(x), −0.3 < x < 0.42. */
const LOG = Float32Array.of(
  7.0376836292e-2,
  -1.151461031e-1,
  1.167699874e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
);
/** sin x = x + x³·P(x²) and cos x = 1 − x²/2 + x⁴·P(x²), |x| ≤ π/4. */
const SIN = Float32Array.of(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1);
const COS = Float32Array.of(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2);

/** The polynomial with these coefficients, the highest first. */
function horner(coefficients: Float32Array, x: number): number {
  let y = coefficients[0]!;
  for (let i = 1; i < coefficients.length; i++) y = fround(y * x + coefficients[i]!);
  return y;
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** ln a of a positive float: a = 2ᵉ·(1 + x). */
function log(a: number): number {
  float[0] = a;
  let e = (bits[0]! >>> 23) - 126;
  bits[0] = (bits[0]! & 0x7fffff) | 0x3f000000; // the fraction, in [½, 1)
  let x = float[0]! - 1;
  if (float[0]! < HALF_ROOT) {
    e -= 1;
    x += float[0]!;
  }
  const xx = fround(x * x);
  const cubic = fround(horner(LOG, x) * x);
  const small = fround(fround(cubic * xx + fround(e * LN2[1])) - xx / 2);
  return fround(e * LN2[0] + fround(x + small));
}

/** Sine and cosine of an angle in [0, 2π], from the distance x to the nearest multiple of π/2. */
function sinCos(angle: number): { sin: number; cos: number } {
  const octant = (Math.trunc(fround(angle * FOUR_OVER_PI)) + 1) & ~1;
  let x = angle;
  for (const part of QUARTER_PI) x = fround(x - octant * part);
  const xx = fround(x * x);
  const cos = fround(fround(fround(horner(COS, xx) * xx) * xx - xx / 2) + 1);
  const sin = fround(fround(horner(SIN, xx) * xx) * x + x);
  // A quarter turn makes (cos, sin) of it (−sin, cos).
  switch ((octant / 2) % 4) {
    case 0:
      return { sin, cos };
    case 1:
      return { sin: cos, cos: -sin };
    case 2:
      return { sin: -sin, cos: -cos };
    default:
      return { sin: -cos, cos: sin };
  }
}
