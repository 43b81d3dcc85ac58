import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import type { FastifyError, FastifyRequest } from 'fastify';
import type { Limits } from './context.ts';
import { RefusedError } from './problem.ts';

export interface FormFile {
  readonly bytes: Buffer;
  /** As its sender calls it; '' for none. */
  readonly name: string;
}

export interface Form {
  readonly files: ReadonlyMap<string, readonly FormFile[]>;
  readonly fields: ReadonlyMap<string, string>;
}

const LONGEST_NAME = 255;

/**
 * Reads a form to its end.
 *
 * @param part  what the picture in it is called
 * @throws {RefusedError} 400 when it is malformed, 411 without a length, 413 when it is too large, 415 when it is none
 */
export async function readForm(
  request: FastifyRequest,
  { requestBytes, fileBytes }: Limits,
  part = 'file',
): Promise<Form> {
  if (!request.isMultipart()) {
    throw new RefusedError(415, 'media-type', 'expected multipart/form-data', {
      hint: `send the picture as the part "${part}"`,
    });
  }
  // The parser counts files, not the rest; the length bounds both, and HTTP holds a sender to it.
  const length = request.headers['content-length'];
  if (length === undefined) throw new RefusedError(411, 'length', 'expected a Content-Length');
  if (Number(length) > requestBytes) {
    const found = `found ${(Number(length) / 1e6).toFixed(1)} MB`;
    throw new RefusedError(
      413,
      'too-large',
      `expected at most ${requestBytes / 1e6} MB in one request, ${found}`,
    );
  }
  const limits = {
    fileSize: fileBytes,
    files: 4,
    parts: 20,
    fieldNameSize: 100,
    fieldSize: 100_000,
    headerPairs: 20,
  };
  try {
    return await readParts(request.parts({ limits }));
  } catch (error) {
    // The parser names no status for what it cannot read, and Fastify would take that for a fault of the server's.
    if (error instanceof RefusedError || (error as FastifyError).statusCode !== undefined) throw error;
    const { message } = error as Error;
    throw new RefusedError(400, 'form', `the form cannot be read: ${message}`, {
      hint: 'expected multipart/form-data with its boundary in the Content-Type, as FormData and curl -F write it',
    });
  }
}

async function readParts(parts: AsyncIterable<MultipartFile | MultipartValue>): Promise<Form> {
  const files = new Map<string, FormFile[]>();
  const fields = new Map<string, string>();
  for await (const part of parts) {
    if (isFile(part)) {
      if ((part.filename ?? '').length > LONGEST_NAME) {
        throw new RefusedError(400, 'filename', `expected a file name of at most ${LONGEST_NAME} characters`);
      }
      const bytes = await part.toBuffer();
      const name = part.filename ?? '';
      files.set(part.fieldname, [...(files.get(part.fieldname) ?? []), { bytes, name }]);
    } else fields.set(part.fieldname, String(part.value));
  }
  return { files, fields };
}

const isFile = (part: MultipartFile | MultipartValue): part is MultipartFile => part.type === 'file';
