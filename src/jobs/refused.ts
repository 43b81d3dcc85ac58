import type * as z from 'zod';
import { CampanileError } from '../errors.ts';
import { plainly } from '../plainly.ts';

/** Something that was asked for and will not be carried out, and what is wrong with each parameter. */
export class RefusedError extends CampanileError {
  override readonly status: number;
  readonly errors: Faults | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    options: { hint?: string; errors?: Faults | undefined; retryAfterSeconds?: number } = {},
  ) {
    super(code, message, options);
    this.status = status;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export type Faults = readonly { readonly path: string; readonly message: string }[];

/** What a schema found wrong; `within` stands before every path. */
export const errorsOf = ({ issues }: z.ZodError, ...within: string[]) =>
  issues.map((issue) => ({ path: [...within, ...issue.path].join('.'), message: plainly(issue) }));
