import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaCompiler } from 'fastify';
import type * as z from 'zod';
import { CampanileError, RecipeError } from '../errors.ts';
import { errorsOf, RefusedError } from '../jobs/refused.ts';
import type { Problem } from './api-types.ts';

export { RefusedError } from '../jobs/refused.ts';

/** A request that has not the form it should have. */
export class FormError extends RefusedError {
  constructor(status: number, error: z.ZodError) {
    const errors = errorsOf(error);
    super(status, 'request', [errors[0]!.path, errors[0]!.message].filter(Boolean).join(': '), { errors });
  }
}

/** Has zod check what comes in: a body that does not fit is a 422, anything else a 400. */
export const formChecker: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (data) => {
    const { error, data: value } = schema.safeParse(data, { reportInput: true });
    return error ? { error: new FormError(httpPart === 'body' ? 422 : 400, error) } : { value };
  };

/** Whatever was thrown, as RFC 9457 says it. What is not ours is told without its inner words. */
export function problemOf(error: unknown): Problem {
  if (error instanceof RefusedError)
    return problem(error.status, error.code, error.message, error.hint, error.errors);
  if (error instanceof RecipeError) {
    const errors = [{ path: error.path, message: error.message }];
    return problem(422, error.code, error.message, error.hint, errors);
  }
  if (error instanceof CampanileError) return problem(error.status, error.code, error.message, error.hint);
  const { statusCode = 500, message } = error as FastifyError;
  if (statusCode === 413)
    return problem(413, 'too-large', message, 'send less at a time: docs/server.md has the limits');
  if (statusCode < 500) return problem(statusCode, statusCode === 415 ? 'media-type' : 'request', message);
  return problem(500, 'internal', 'the server made a mistake; its log says more');
}

function problem(
  status: number,
  code: string,
  detail: string,
  hint?: string,
  errors?: Problem['errors'],
): Problem {
  return {
    type: `urn:campanile:error:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
    ...(hint === undefined ? {} : { hint }),
    ...(errors?.length ? { errors } : {}),
  };
}

/** The same where OpenAI's clients look for it. */
export const openaiError = ({ status, code, detail, hint, errors }: Problem) => ({
  message: hint ? `${detail} (${hint})` : detail,
  type: status < 500 ? 'invalid_request_error' : 'server_error',
  param: errors?.[0]?.path ?? null,
  code,
});

/** Seconds after which it is worth asking again, for answers that say so. */
const retryAfter = (error: unknown, status: number): number | undefined =>
  error instanceof RefusedError && error.retryAfterSeconds !== undefined
    ? error.retryAfterSeconds
    : ({ 409: 1, 429: 5, 503: 2, 507: 30 } as Record<number, number>)[status];

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendAs((problem) => ({ ...problem, error: openaiError(problem) }), 'application/problem+json')(
    error,
    request,
    reply,
  );
}

/** The same in the words of another API. */
export const sendAs =
  (translate: (problem: Problem) => unknown, type = 'application/json') =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const told = problemOf(error);
    if (told.status >= 500) request.log.error({ err: error }, told.detail);
    const seconds = retryAfter(error, told.status);
    if (seconds !== undefined) reply.header('retry-after', String(seconds));
    return reply.code(told.status).type(type).send(translate(told));
  };
