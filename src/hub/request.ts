import { DownloadError } from '../errors.ts';
import { printable } from './names.ts';
import type { HubSettings } from './settings.ts';

export interface RequestOptions {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /**
   * What a redirect to another origin means. 'refuse', the default: nobody else speaks for the hub. 'follow': files lie
   * where it says. 'tell': it is the answer, because the address is signed for a GET and refuses a HEAD.
   */
  readonly elsewhere?: 'refuse' | 'follow' | 'tell';
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_HOPS = 5;

/** The hub cannot be asked at all, as opposed to: it answers no. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof DownloadError && error.code === 'hub-unreachable';

/**
 * One request to the hub. Redirects are followed by hand, because the token must not travel with them: it goes to the
 * hub's own origin and nowhere else. Any other status is given back.
 *
 * @throws {DownloadError} without a connection (`hub-unreachable`), or for a redirect that must not be followed
 */
export async function request(
  settings: HubSettings,
  address: string,
  options: RequestOptions = {},
): Promise<Response> {
  const home = new URL(settings.endpoint).origin;
  let url = new URL(address);
  for (let hop = 0; hop <= MOST_HOPS; hop++) {
    const headers = new Headers({
      ...options.headers,
      'user-agent': 'campanile',
      // A packed body has another length than the file, and its ranges mean something else.
      'accept-encoding': 'identity',
    });
    if (url.origin === home && settings.token) headers.set('authorization', settings.token.authorization());
    const response = await connect(url, {
      method: options.method ?? 'GET',
      headers,
      redirect: 'manual',
      signal: options.signal ?? null,
    });
    if (!REDIRECTS.has(response.status)) return response;
    await response.body?.cancel();
    url = next(url, response.headers.get('location'));
    if (url.origin === home || options.elsewhere === 'follow') continue;
    if (options.elsewhere === 'tell') return response;
    throw new DownloadError('bad-reply', `${home} redirects to ${url.origin}, which cannot speak for it`);
  }
  throw new DownloadError('bad-reply', `${home} redirects more than ${MOST_HOPS} times`);
}

function next(from: URL, location: string | null): URL {
  const to = location !== null && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const isOfTheWeb = to && /^https?:$/.test(to.protocol) && !to.username && !to.password;
  if (!isOfTheWeb)
    throw new DownloadError('bad-reply', `${from.origin} redirects to an address that is not of the web`);
  if (from.protocol === 'https:' && to.protocol === 'http:')
    throw new DownloadError('bad-reply', `${from.origin} redirects to ${to.origin}, which is not encrypted`);
  return to;
}

async function connect(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    init.signal?.throwIfAborted();
    throw new DownloadError('hub-unreachable', `cannot reach ${url.origin}: ${reason(error)}`, {
      hint: 'check the connection, or set HF_ENDPOINT to a mirror; HF_HUB_OFFLINE=1 uses the cache alone',
    });
  }
}

/** Why a connection failed, in a word: undici says "fetch failed" and hides the reason in the cause. */
export function reason(error: unknown): string {
  const seen = new Set<unknown>();
  let last = error;
  while (last instanceof Error && last.cause instanceof Error && !seen.has(last)) {
    seen.add(last);
    last = last.cause;
  }
  if (!(last instanceof Error)) return 'unknown reason';
  const code: unknown = Reflect.get(last, 'code');
  return printable(last.message || (typeof code === 'string' ? code : last.name));
}
