import { timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sha256Sync } from '../platform/node/hash.ts';
import { RefusedError } from './problem.ts';

export interface GuardOptions {
  /** Address the server is bound to. */
  readonly host: string;
  /** Asked of everyone, when there is one. */
  readonly token?: string | undefined;
  /** Names beside the loopback ones under which the server may be addressed. */
  readonly allowedHosts?: readonly string[] | undefined;
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);

const COOKIE = 'campanile_token';
/** Answer without the token: they tell nothing. */
const OPEN_PATHS = ['/healthz', '/readyz'];

/**
 * Lets through who may ask: addressed by a name of this server (DNS rebinding), not sent by another site's page (CSRF), and
 * with the token if one is asked for. Before anything else looks at the request; files and streams included.
 */
export function guard(app: FastifyInstance, { host, token, allowedHosts = [] }: GuardOptions): void {
  const names = new Set([
    'localhost',
    '127.0.0.1',
    '[::1]',
    asHostname(host),
    ...allowedHosts.map(asHostname),
  ]);
  const pathOf = ({ url }: FastifyRequest) => url.split('?')[0]!.slice(app.prefix.length) || '/';
  const any = host === '0.0.0.0' || host === '::';
  const secret = token === undefined ? undefined : sha256Sync(token);

  app.addHook('onRequest', async (request, reply) => {
    checkHost(request, (name) => names.has(name) || (any && isIP(name.replace(/^\[|\]$/g, '')) !== 0));
    checkOrigin(request, pathOf(request));
    if (secret === undefined || OPEN_PATHS.includes(pathOf(request))) return;
    if (!offered(request, pathOf(request)).some((candidate) => equal(sha256Sync(candidate), secret))) {
      reply.header('www-authenticate', 'Bearer realm="campanile"');
      throw new RefusedError(401, 'token', 'this server asks for its token', {
        hint: 'send "Authorization: Bearer <token>", or open /?token=<token> in the browser',
      });
    }
    return logIn(request, reply, app.prefix, pathOf(request));
  });
}

/** `Host` must be one plain name or address of this server; the port is free, for who forwards one. */
function checkHost(request: FastifyRequest, known: (name: string) => boolean): void {
  const hosts = request.raw.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host');
  const host = request.headers.host ?? '';
  const name = /^(\[[0-9a-f:.]+\]|[^:/@\s]+)(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase();
  const absolute = !request.raw.url?.startsWith('/');
  if (hosts.length === 1 && !absolute && name && known(name.replace(/\.$/, ''))) return;
  throw new RefusedError(403, 'host', `this server does not answer to "${host.slice(0, 100)}"`, {
    hint: 'address it as localhost or 127.0.0.1, or start it with --allowed-host <name>',
  });
}

/** Browsers say who asks; programs do not, and need not. */
function checkOrigin(request: FastifyRequest, path: string): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const opened = request.method === 'GET' && request.headers['sec-fetch-mode'] === 'navigate';
  const foreign = origin !== undefined && !sameOrigin(origin, host ?? '');
  const crossSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  // A link on another page may open a page of this server, which shows it to the person alone.
  const page = opened && !foreign && !/^\/(v1|sdapi|models|metrics)\b/.test(path);
  if (!foreign && (!crossSite || page)) return;
  throw new RefusedError(403, 'origin', 'a page of another site is asking', {
    hint: 'use the studio of this server, or a program outside the browser',
  });
}

function sameOrigin(origin: string, host: string): boolean {
  try {
    const { protocol, host: found } = new URL(origin);
    return (protocol === 'http:' || protocol === 'https:') && found === new URL(`http://${host}`).host;
  } catch {
    return false; // "null", and what is no origin at all
  }
}

/** The token by any of the ways in which clients can give one. */
function offered(request: FastifyRequest, path: string): string[] {
  const { authorization = '', cookie = '' } = request.headers;
  const [, bearer] = /^Bearer (.+)$/i.exec(authorization) ?? [];
  const [, basic] = /^Basic (\S+)$/i.exec(authorization) ?? [];
  const [, password] = /^[^:]*:(.*)$/s.exec(Buffer.from(basic ?? '', 'base64').toString('utf8')) ?? [];
  const cookies = cookie
    .split('; ')
    .flatMap((pair) => (pair.startsWith(`${COOKIE}=`) ? [pair.slice(COOKIE.length + 1)] : []));
  return [bearer, password, ...cookies.map(decoded), tokenOfPage(request, path)].filter(
    (text) => text !== undefined,
  );
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** `?token=` counts when a page is opened, nowhere else. */
function tokenOfPage(request: FastifyRequest, path: string): string | undefined {
  const page = request.method === 'GET' && ['/', '/studio/'].includes(path);
  return page ? (new URLSearchParams(request.url.split('?')[1]).get('token') ?? undefined) : undefined;
}

/** Keeps a token that came in the address in a cookie instead, where it is neither seen nor sent on. */
async function logIn(
  request: FastifyRequest,
  reply: FastifyReply,
  prefix: string,
  path: string,
): Promise<unknown> {
  const token = tokenOfPage(request, path);
  if (token === undefined) return;
  const value = `${COOKIE}=${encodeURIComponent(token)}; HttpOnly; SameSite=Strict; Path=${prefix || '/'}; Max-Age=31536000`;
  return reply.header('set-cookie', value).redirect(prefix + path, 303);
}

const asHostname = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host).toLowerCase();
const equal = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(a), Buffer.from(b));
