import * as z from 'zod';
import { DownloadError } from '../errors.ts';
import type { Asked } from './asked.ts';
import { isSafePath, printable } from './names.ts';
import { refusal } from './refusals.ts';
import { isUnreachable, reason, request } from './request.ts';
import { isPassing, type Patience, pause, whenSilent } from './retry.ts';

/** The content of a file, by which the cache names it and the download is checked. */
export interface Digest {
  /** `sha256` of the bytes for large files (LFS), git's own sha1 of `blob <size>\0<bytes>` for small ones. */
  readonly algorithm: 'sha256' | 'git-sha1';
  readonly hex: string;
}

export interface HubFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly digest: Digest;
}

export interface HubModel {
  readonly commit: string;
  /** As the model's card calls it, "not stated" without one. */
  readonly licence: string;
  /** Whether its page must be visited first: no, yes, or yes and a person decides. */
  readonly gated: false | 'auto' | 'manual';
}

/** No reply of the hub needs more; a page of a listing has 1000 files. */
const MOST_JSON_BYTES = 16 << 20;
const MOST_FILES = 20_000;

const modelReply = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  gated: z.union([z.boolean(), z.string()]).nullish(),
  tags: z.array(z.string()).nullish(),
  cardData: z.object({ license: z.unknown(), license_name: z.unknown() }).partial().nullish(),
});

const treeReply = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    oid: z.string(),
    size: z.int().nonnegative().catch(0),
    lfs: z.object({ oid: z.string(), size: z.int().nonnegative() }).nullish(),
  }),
);

/** What the hub says about a model at a branch, tag or commit: the commit is fixed here, once for the whole pull. */
export async function askModel(asked: Asked, patience: Patience, signal?: AbortSignal): Promise<HubModel> {
  const { settings, repo, revision } = asked;
  const address = `${settings.endpoint}/api/models/${repo}/revision/${encodeURIComponent(revision)}`;
  const { value } = await askJson(asked, address, modelReply, patience, signal);
  const { gated, tags, cardData, sha } = value;
  const licence = [
    cardData?.license_name,
    cardData?.license,
    tags?.find((tag) => tag.startsWith('license:'))?.slice('license:'.length),
  ].find((name) => typeof name === 'string' && name !== '');
  return {
    commit: sha,
    licence: typeof licence === 'string' ? printable(licence) : 'not stated',
    gated: !gated ? false : gated === 'manual' ? 'manual' : 'auto',
  };
}

/**
 * All files of a commit.
 *
 * @throws {DownloadError} `unsafe-name` when one of them would land outside its folder: such a repository is not to be
 *   trusted with the others either
 */
export async function listFiles(asked: Asked, patience: Patience, signal?: AbortSignal): Promise<HubFile[]> {
  const { settings, repo, revision } = asked;
  const files: HubFile[] = [];
  let address: string | undefined = `${settings.endpoint}/api/models/${repo}/tree/${revision}?recursive=true`;
  while (address) {
    const { value, link }: Reply<z.infer<typeof treeReply>> = await askJson(
      asked,
      address,
      treeReply,
      patience,
      signal,
    );
    for (const { type, path, oid, size, lfs } of value) {
      if (type !== 'file') continue;
      if (!isSafePath(path))
        throw new DownloadError('unsafe-name', `${repo} lists a file named "${printable(path)}"`, {
          hint: 'no file of that name can be written safely: do not use this repository',
        });
      files.push({ path, sizeBytes: lfs?.size ?? size, digest: digestOf(asked, path, oid, lfs?.oid) });
    }
    if (files.length > MOST_FILES)
      throw new DownloadError('bad-reply', `${repo} lists more than ${MOST_FILES} files`);
    address = nextPage(asked, address, link);
  }
  return files;
}

function digestOf({ repo }: Asked, path: string, oid: string, sha256: string | undefined): Digest {
  const digest: Digest = sha256 ? { algorithm: 'sha256', hex: sha256 } : { algorithm: 'git-sha1', hex: oid };
  // It becomes the name of a file in the cache.
  if (!(sha256 ? /^[0-9a-f]{64}$/ : /^[0-9a-f]{40}$/).test(digest.hex))
    throw new DownloadError('bad-reply', `${repo}: "${printable(digest.hex)}" is not the hash of ${path}`);
  return digest;
}

/** `Link: <…>; rel="next"`. The token goes there too, so it must be the hub itself. */
function nextPage({ settings }: Asked, from: string, link: string | null): string | undefined {
  const next = link?.match(/<([^<>]*)>; *rel="next"/)?.[1];
  if (next === undefined) return undefined;
  const url = URL.canParse(next, from) ? new URL(next, from) : undefined;
  if (url?.origin !== new URL(settings.endpoint).origin)
    throw new DownloadError('bad-reply', 'the next page of the listing is on another server');
  return url.href;
}

interface Reply<T> {
  readonly value: T;
  readonly link: string | null;
}

async function askJson<T>(
  asked: Asked,
  address: string,
  shape: z.ZodType<T>,
  patience: Patience,
  signal?: AbortSignal,
): Promise<Reply<T>> {
  for (let attempt = 1; ; attempt++) {
    const again = attempt <= (patience.retries ?? 5);
    const watch = whenSilent(patience, signal);
    let retryAfter: string | null = null;
    try {
      const response = await request(asked.settings, address, { signal: watch.signal });
      retryAfter = response.headers.get('retry-after');
      if (response.ok)
        return {
          value: parse(await readAll(response, watch.heard), shape),
          link: response.headers.get('link'),
        };
      await response.body?.cancel();
      if (!again || !isPassing(response.status)) throw refusal(asked, response.status, response.headers);
    } catch (error) {
      signal?.throwIfAborted();
      // A hub that cannot be reached at the first call is told at once: the cache may have the answer.
      if (error instanceof DownloadError && (!isUnreachable(error) || attempt > 2)) throw error;
      if (!again) throw new DownloadError('hub-unreachable', `the hub's answer broke off: ${reason(error)}`);
    } finally {
      watch.stop();
    }
    await pause(attempt, patience, signal, retryAfter);
  }
}

async function readAll(response: Response, heard: () => void): Promise<string> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of response.body ?? []) {
    heard();
    sizeBytes += part.length;
    if (sizeBytes > MOST_JSON_BYTES)
      throw new DownloadError('bad-reply', `a reply of the hub is larger than ${MOST_JSON_BYTES >> 20} MB`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse<T>(text: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    throw new DownloadError('bad-reply', 'the hub answers something that is not its protocol', {
      hint: 'does HF_ENDPOINT point to a hub? A portal that wants you to sign in to the network looks like this, too',
    });
  }
}
