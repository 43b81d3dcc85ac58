// JavaScript, because the threads of engines read it as well (src/platform/serve.js).

/**
 * The value of an IEEE half: 1 sign, 5 exponent, 10 fraction bits.
 *
 * @param {number} half
 * @returns {number}
 */
export function halfToFloat(half) {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** @type {Float32Array | undefined} */
let halfTable;

/**
 * Halves as float32, by a table of all 65 536.
 *
 * @param {Uint16Array} halves
 * @returns {Float32Array<ArrayBuffer>}
 */
export function halvesToFloats(halves) {
  halfTable ??= Float32Array.from({ length: 0x10000 }, (_, half) => halfToFloat(half));
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++)
    floats[i] = /** @type {number} */ (halfTable[/** @type {number} */ (halves[i])]);
  return floats;
}
