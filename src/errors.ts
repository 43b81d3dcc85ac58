/**
 * Every error campanile throws on purpose. `code` is for programs, `message` says what was expected and what was
 * found, `hint` what to do next. `docs/errors.md` is this file, printed.
 *
 * Cancelling is the platform's `AbortError` and is never wrapped.
 */
export class CampanileError extends Error {
  /** Exit code of the command line. */
  readonly exitCode: number = 2;
  /** HTTP status of the server. */
  readonly status: number = 400;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
  }
}

/** A tensor, mask or picture has another shape than the formula needs. */
export class ShapeError extends CampanileError {
  constructor(what: string, found: readonly number[], expected: string, hint?: string) {
    super('shape', `${what} has shape [${found.join(', ')}], expected ${expected}`, hint ? { hint } : {});
  }
}

/** A function was given something else than it takes. `path` is the argument's name. */
export class ArgumentError extends CampanileError {
  readonly path: string;
  constructor(path: string, found: unknown, expected: string, hint?: string) {
    super('argument', `${path} is ${inBrief(found)}, expected ${expected}`, hint ? { hint } : {});
    this.path = path;
  }
}

/** A value as a message names it. */
function inBrief(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (!Array.isArray(value)) return ArrayBuffer.isView(value) ? value.constructor.name : 'an object';
  const more = value.length > 4 ? ', …' : '';
  return `[${value
    .slice(0, 4)
    .map((item) => (typeof item === 'object' && item !== null ? '…' : inBrief(item)))
    .join(', ')}${more}]`;
}

/** A parameter is out of its range, unknown, or does not fit another one. `path` is the parameter's name. */
export class RecipeError extends CampanileError {
  readonly path: string;
  constructor(path: string, message: string, hint?: string) {
    super('recipe', path ? `${path}: ${message}` : message, hint ? { hint } : {});
    this.path = path;
  }
}

/** A picture file cannot be used: missing, truncated, too small, too large, animated. */
export class PictureError extends CampanileError {}

/** A checkpoint's files are wrong: missing, damaged, or other tensors than its config promises. */
export class CheckpointError extends CampanileError {
  readonly file: string | undefined;
  readonly tensor: string | undefined;
  readonly expected: string | undefined;
  readonly found: string | undefined;

  constructor(
    code: string,
    message: string,
    where: {
      file?: string;
      tensor?: string;
      expected?: string;
      found?: string;
      hint?: string;
      cause?: unknown;
    } = {},
  ) {
    super(code, message, where);
    this.file = where.file;
    this.tensor = where.tensor;
    this.expected = where.expected;
    this.found = where.found;
  }
}

/** The checkpoint is well formed, but uses something this program does not know. */
export class UnsupportedModelError extends CampanileError {
  override readonly status = 422;
}

/** A download could not be finished. */
export class DownloadError extends CampanileError {
  override readonly exitCode = 3;
  override readonly status = 502;
}

/** A result became infinite or not a number. */
export class NumericError extends CampanileError {
  override readonly exitCode = 1;
  override readonly status = 500;
}

/** Something outside cannot be written or read: folder, disk, permission. */
export class OutputError extends CampanileError {
  override readonly status = 507;
}

/** The machine has not the memory or the device that was asked for. */
export class ResourceError extends CampanileError {
  override readonly status = 503;
}

/** A job cannot be taken or found, or its queue cannot be reached. */
export class QueueError extends CampanileError {
  override readonly status: number;
  constructor(
    code: string,
    message: string,
    options: { hint?: string; cause?: unknown; status?: number } = {},
  ) {
    super(code, message, options);
    this.status = options.status ?? 503;
  }
}
