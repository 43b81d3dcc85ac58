import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DownloadError } from '../errors.ts';

export type HubEnvironment = Readonly<Record<string, string | undefined>>;

/** What huggingface_hub reads from the environment, read the same way, so that both programs share one cache. */
export interface HubSettings {
  /** `HF_ENDPOINT`, without the last slash. */
  readonly endpoint: string;
  /** `HF_HUB_CACHE`, else `hub` in `HF_HOME`, else `~/.cache/huggingface/hub`. */
  readonly cacheFolder: string;
  /** `HF_TOKEN`, else the file that `hf auth login` writes. */
  readonly token: Token | undefined;
  /** `HF_HUB_OFFLINE`: never ask the hub. */
  readonly offline: boolean;
}

/** Keeps the hub's password out of everything that prints objects: logs, errors, JSON, the debugger. */
export class Token {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  /** The one place where it is spelled out: the header of a request to the hub's own origin. */
  authorization(): string {
    return `Bearer ${this.#text}`;
  }
  toString(): string {
    return '[token]';
  }
  toJSON(): string {
    return '[token]';
  }
}

/** @throws {DownloadError} for an endpoint that is no web address, or a token that cannot be one */
export function hubSettings(env: HubEnvironment = process.env): HubSettings {
  const home = expand(
    env['HF_HOME'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'huggingface'),
    env,
  );
  return {
    endpoint: endpointOf(env['HF_ENDPOINT'] || 'https://huggingface.co'),
    cacheFolder: expand(env['HF_HUB_CACHE'] || env['HUGGINGFACE_HUB_CACHE'] || join(home, 'hub'), env),
    token: tokenOf(env, home),
    offline: isTrue(env['HF_HUB_OFFLINE'] || env['TRANSFORMERS_OFFLINE']),
  };
}

function endpointOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // The address is not repeated: it may hold a password.
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    throw new DownloadError('bad-endpoint', 'HF_ENDPOINT is not a web address without password and query', {
      hint: 'expected something like https://huggingface.co',
    });
  return url.href.replace(/\/+$/, '');
}

function tokenOf(env: HubEnvironment, home: string): Token | undefined {
  if (isTrue(env['HF_HUB_DISABLE_IMPLICIT_TOKEN'])) return undefined;
  const file = expand(env['HF_TOKEN_PATH'] || join(home, 'token'), env);
  const text = clean(env['HF_TOKEN'] || env['HUGGING_FACE_HUB_TOKEN']) || clean(readIfThere(file));
  if (!text) return undefined;
  // A header with anything else is refused by fetch, in a message that quotes it.
  if (!/^[\x21-\x7e]+$/.test(text))
    throw new DownloadError('bad-token', 'the hub token holds blanks or characters that no token has', {
      hint: 'copy it again from https://huggingface.co/settings/tokens; it looks like hf_…',
    });
  return new Token(text);
}

const clean = (text = ''): string => text.replace(/[\r\n]/g, '').trim();

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const isTrue = (text = ''): boolean => ['1', 'ON', 'YES', 'TRUE'].includes(text.toUpperCase());

/** `~` and `$NAME`, as in huggingface_hub. */
const expand = (path: string, env: HubEnvironment): string =>
  resolve(
    path
      .replace(/^~(?=$|[/\\])/, homedir())
      .replace(/\$(?:\{(\w+)\}|(\w+))/g, (all, braced, bare) => env[braced ?? bare] ?? all),
  );
