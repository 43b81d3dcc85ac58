import { ArgumentError, ShapeError } from '../errors.ts';

/** Row-major float32 values. Images are [N, C, H, W], in [-1, 1]; masks [1, 1, H, W], in [0, 1]. */
export interface Tensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

// What public functions ask of what they are given. Types say the same; but who calls from JavaScript, or through `any`,
// hears it here, at the door, and not as NaN at the other end of a run.

export interface NumberRange {
  readonly min?: number;
  /** Greater than this. */
  readonly above?: number;
  readonly max?: number;
  readonly whole?: boolean;
}

/** @throws {ArgumentError} unless `value` is a finite number of the range */
export function checkNumber(name: string, value: unknown, range: NumberRange = {}): asserts value is number {
  const { min = -Infinity, above = -Infinity, max = Infinity, whole = false } = range;
  const fits = whole ? Number.isInteger(value) : Number.isFinite(value);
  if (!(fits && (value as number) >= min && (value as number) > above && (value as number) <= max))
    throw new ArgumentError(name, value, inWords(range));
}

function inWords({ min, above, max, whole }: NumberRange): string {
  const kind = whole ? 'a whole number' : 'a number';
  if (above !== undefined) return `${kind} above ${above}${max === undefined ? '' : `, ${max} or less`}`;
  if (min !== undefined && max !== undefined) return `${kind} from ${min} to ${max}`;
  if (min !== undefined) return `${kind}, ${min} or more`;
  return max === undefined ? kind : `${kind}, ${max} or less`;
}

/** @throws {ArgumentError} unless `value` is a text with something in it */
export function checkText(name: string, value: unknown, expected: string): asserts value is string {
  if (typeof value !== 'string' || value === '') throw new ArgumentError(name, value, expected);
}

/** @throws {ArgumentError} unless `value` can be called */
export function checkFunction(name: string, value: unknown, expected = 'a function'): void {
  if (typeof value !== 'function') throw new ArgumentError(name, value, expected);
}

/** @throws {ArgumentError} unless `value` is an array with something in it */
export function checkList(name: string, value: unknown, expected = 'a list that is not empty'): void {
  if (!Array.isArray(value) || value.length === 0) throw new ArgumentError(name, value, expected);
}

/** @throws {ArgumentError} unless `value` is a key of `table` */
export function checkKey(name: string, value: unknown, table: object): void {
  if (typeof value !== 'string' || !Object.hasOwn(table, value))
    throw new ArgumentError(name, value, `one of ${Object.keys(table).join(', ')}`);
}

/** @throws {ArgumentError} unless `value` is an object, as options are */
export function checkObject(name: string, value: unknown, expected: string): void {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new ArgumentError(name, value, expected);
}

/** As many values as a tensor may have: what is more is refused in words before memory is asked for it. */
export const MOST_VALUES = 2 ** 31 - 1;
/** As long as a list or a side may be that is made by its length. */
export const LONGEST = 2 ** 16 - 1;

/** How many values a shape promises, however many: the shapes of foreign files are counted before they are believed. */
export const promised = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** @throws {ArgumentError} unless `shape` is a list of whole numbers, of `MOST_VALUES` values at most */
export function checkShape(name: string, shape: unknown): asserts shape is readonly number[] {
  if (!Array.isArray(shape) || !shape.every((n) => Number.isInteger(n) && n >= 0))
    throw new ArgumentError(name, shape, 'a list of whole numbers, as in [1, 3, 64, 64]');
  if (promised(shape) > MOST_VALUES)
    throw new ArgumentError(name, shape, `one of at most ${MOST_VALUES} values`);
}

/**
 * @param rank  how many axes it has to have; any number without it
 * @throws {ArgumentError} unless `x` is a tensor
 * @throws {ShapeError} when it has other axes, or not the values its shape promises
 */
export function checkTensor(name: string, x: unknown, rank?: number): asserts x is Tensor {
  const { data, shape } = (x ?? {}) as Partial<Tensor>;
  if (!(data instanceof Float32Array) || !Array.isArray(shape))
    throw new ArgumentError(name, x, 'a tensor, { data: Float32Array, shape: [N, C, H, W] }');
  checkShape(`the shape of ${name}`, shape);
  const count = promised(shape);
  if (count !== data.length)
    throw new ShapeError(name, shape, `one with as many values as there are, ${data.length}`);
  if (rank !== undefined && shape.length !== rank)
    throw new ShapeError(name, shape, rank === 4 ? '[N, C, H, W]' : `${rank} axes`);
}

/** @throws {ArgumentError | ShapeError} unless `x` is a tensor [N, C, H, W], with so many channels where that is said */
export function checkImages(name: string, x: unknown, channels?: number): asserts x is Tensor {
  checkTensor(name, x, 4);
  if (channels !== undefined && x.shape[1] !== channels)
    throw new ShapeError(name, x.shape, `[N, ${channels}, H, W]`);
}
