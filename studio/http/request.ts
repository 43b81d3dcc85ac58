import type { Problem } from '../../src/server/api-types.ts';
import { AwayError, RefusedError } from '../backend.ts';
import { root } from './root.ts';

export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(root + path, { credentials: 'same-origin', ...init }).catch(
    (error: unknown) => {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new AwayError('The server does not answer.');
    },
  );
  if (response.ok) return response;
  throw new RefusedError(await problemOf(response));
}

async function problemOf(response: Response): Promise<Problem> {
  const { status, statusText } = response;
  const unknown = {
    type: 'about:blank',
    title: statusText,
    status,
    code: 'unknown',
    detail: `The server answered ${status} ${statusText}.`,
  };
  const told = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return { ...unknown, ...told };
}

export const get = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  (await request(path, { signal })).json() as Promise<T>;

export const send = (method: string, path: string, body?: unknown): Promise<Response> =>
  request(
    path,
    body === undefined
      ? { method }
      : { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
  );

export const form = (...files: Blob[]): FormData => {
  const data = new FormData();
  for (const file of files) data.append('file', file, file instanceof File ? file.name : 'picture.png');
  return data;
};

export const queryString = (values: object): string =>
  new URLSearchParams(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString();
