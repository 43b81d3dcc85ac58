import { bfloat16sToFloats, halvesToFloats } from '../tensor/float16.ts';

interface DtypeRecord {
  /** Bytes of one number. */
  readonly size: number;
  /** The numbers as float32. Absent for types that no tensor of this project has. */
  readonly toFloats?: (bytes: ArrayBuffer) => Float32Array;
  /** Index of the first number that is infinite or not a number, or -1. */
  readonly findNonFinite?: (bytes: ArrayBuffer) => number;
}

/** The types that safetensors knows. */
export const dtypes = {
  F64: {
    size: 8,
    toFloats: (b) => Float32Array.from(new Float64Array(b)),
    findNonFinite: (b) => new Float64Array(b).findIndex((v) => !Number.isFinite(v)),
  },
  F32: {
    size: 4,
    toFloats: (b) => new Float32Array(b),
    findNonFinite: (b) => allOnes(new Uint32Array(b), 0x7f800000),
  },
  F16: {
    size: 2,
    toFloats: (b) => halvesToFloats(new Uint16Array(b)),
    findNonFinite: (b) => allOnes(new Uint16Array(b), 0x7c00),
  },
  BF16: {
    size: 2,
    toFloats: (b) => bfloat16sToFloats(new Uint16Array(b)),
    findNonFinite: (b) => allOnes(new Uint16Array(b), 0x7f80),
  },
  I64: { size: 8, toFloats: (b) => Float32Array.from(new BigInt64Array(b), Number) },
  I32: { size: 4, toFloats: (b) => Float32Array.from(new Int32Array(b)) },
  I16: { size: 2, toFloats: (b) => Float32Array.from(new Int16Array(b)) },
  I8: { size: 1, toFloats: (b) => Float32Array.from(new Int8Array(b)) },
  U64: { size: 8, toFloats: (b) => Float32Array.from(new BigUint64Array(b), Number) },
  U32: { size: 4, toFloats: (b) => Float32Array.from(new Uint32Array(b)) },
  U16: { size: 2, toFloats: (b) => Float32Array.from(new Uint16Array(b)) },
  U8: { size: 1, toFloats: (b) => Float32Array.from(new Uint8Array(b)) },
  BOOL: { size: 1, toFloats: (b) => Float32Array.from(new Uint8Array(b)) },
  F8_E4M3: { size: 1 },
  F8_E5M2: { size: 1 },
} as const satisfies Record<string, DtypeRecord>;

export type Dtype = keyof typeof dtypes;
export const dtypeOf = (name: Dtype): DtypeRecord => dtypes[name];

/** A floating-point number is infinite or not a number when all bits of its exponent are set. */
function allOnes(values: Uint16Array | Uint32Array, exponent: number): number {
  for (let i = 0; i < values.length; i++) if ((values[i]! & exponent) === exponent) return i;
  return -1;
}
