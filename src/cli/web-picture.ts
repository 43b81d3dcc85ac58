import { lookup as lookupName } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { get as getOverTls } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { DownloadError } from '../errors.ts';
import { isPublicAddress } from './public-address.ts';

export interface FetchOptions {
  readonly signal?: AbortSignal;
  readonly mostBytes?: number;
  readonly timeoutMs?: number;
  /** Which addresses may be connected to. */
  readonly isAllowed?: (address: string) => boolean;
  /** How names are looked up and connections made; tests put their own in. */
  readonly lookup?: typeof lookupName;
  readonly get?: typeof getOverTls;
}

const MOST_HOPS = 3;

/**
 * The bytes of a picture on the web. https only and public addresses only: each hop's address is checked at the moment of
 * connecting, so that neither a redirect nor a name that changes its mind leads into the private network.
 *
 * @throws {DownloadError} when the address is refused, the answer is no picture, is too large or takes too long
 */
export async function fetchPicture(address: string, options: FetchOptions = {}): Promise<Uint8Array> {
  const { signal, timeoutMs = 20_000 } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
  let url = parse(address);
  try {
    for (let hop = 0; hop <= MOST_HOPS; hop++) {
      const response = await request(url, either, options);
      const { statusCode = 0, headers } = response;
      if (statusCode < 300 || statusCode >= 400) return await body(url, response, options);
      response.destroy();
      url = parse(headers.location ?? '', url);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DownloadError) throw error;
    const why = deadline.aborted ? `no answer within ${timeoutMs / 1000} s` : reason(error);
    throw new DownloadError('url-unreachable', `cannot load ${url.href}: ${why}`, { cause: error });
  }
  throw new DownloadError('url-redirects', `${address} redirects more than ${MOST_HOPS} times`);
}

function parse(address: string, base?: URL): URL {
  const url = URL.canParse(address, base?.href) ? new URL(address, base) : undefined;
  const hint = 'download the file yourself and give its path';
  if (!url) throw refused(`"${address}" is no address on the web`);
  if (url.protocol !== 'https:') throw refused(`${url.href} is ${url.protocol}, expected https:`, hint);
  if (url.username || url.password) throw refused(`the address on ${url.host} carries a password`, hint);
  return url;
}

const refused = (message: string, hint?: string): DownloadError =>
  new DownloadError('url-refused', message, hint ? { hint } : {});

function request(url: URL, signal: AbortSignal, options: FetchOptions): Promise<IncomingMessage> {
  const { isAllowed = isPublicAddress, lookup = lookupName, get = getOverTls } = options;
  const hidden = (address: string): DownloadError =>
    refused(
      `${url.hostname} is at ${address}, which is not on the public internet`,
      'give the path of a file instead',
    );
  // Node asks `lookup` for names only: an address written out is checked here.
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) && !isAllowed(literal)) throw hidden(literal);
  const guarded: LookupFunction = (name, how, done) => {
    lookup(name, { ...how, all: true }, (error, found) => {
      if (error) return done(error, '');
      const bad = found.find(({ address }) => !isAllowed(address));
      if (bad) return done(hidden(bad.address), '');
      if (how.all) return done(null, found);
      done(null, found[0]!.address, found[0]!.family);
    });
  };
  const headers = { accept: 'image/png, image/jpeg, image/webp, image/gif', 'user-agent': 'campanile' };
  return new Promise((resolve, reject) => {
    get(url, { signal, headers, lookup: guarded, agent: false }, resolve).on('error', reject);
  });
}

async function body(url: URL, response: IncomingMessage, options: FetchOptions): Promise<Uint8Array> {
  const { mostBytes = 20 * 2 ** 20 } = options;
  const type = response.headers['content-type'] ?? 'nothing';
  try {
    if (response.statusCode !== 200)
      throw new DownloadError('url-status', `${url.href} answers ${response.statusCode}`);
    if (!/^image\/|^application\/octet-stream/i.test(type)) {
      throw new DownloadError('url-type', `${url.href} is ${type}, expected a picture`, {
        hint: 'give the address of the picture itself, not of the page it is on',
      });
    }
    const parts: Buffer[] = [];
    let total = 0;
    for await (const part of response) {
      parts.push(part);
      total += part.length;
      if (total > mostBytes)
        throw new DownloadError('url-large', `${url.href} is larger than ${mostBytes / 2 ** 20} MiB`);
    }
    return Buffer.concat(parts);
  } finally {
    response.destroy();
  }
}

const reason = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
};
