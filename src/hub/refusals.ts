import { DownloadError } from '../errors.ts';
import { type Asked, licencePage } from './asked.ts';
import { printable } from './names.ts';

/**
 * A status of the hub, as a message with the next thing to do. `X-Error-Code` says which of several reasons a 401 or a 404
 * has; a repository that is absent and one that is private look the same without a token, and the hub means them to.
 */
export function refusal(asked: Asked, status: number, headers: Headers): DownloadError {
  const { settings, repo, revision, path } = asked;
  const code = headers.get('x-error-code') ?? '';
  const page = licencePage(asked);
  const said = headers.get('x-error-message') ?? '';
  if (code === 'GatedRepo' || (status === 403 && /gated|authorized list/i.test(said))) return gated(asked);
  if (code === 'RevisionNotFound')
    return new DownloadError('revision-not-found', `${repo} has no revision "${revision}"`, {
      hint: `leave the revision out to get "main", or choose one from ${page}/tree/main`,
    });
  if (code === 'EntryNotFound')
    return new DownloadError('file-not-found', `${repo} at ${revision} has no file ${printable(path ?? '')}`);
  if (status === 401 && settings.token && code !== 'RepoNotFound')
    return new DownloadError('token-refused', `${new URL(page).host} refuses the token (401)`, {
      hint: `it may have expired: make another one with read access at ${settings.endpoint}/settings/tokens and set HF_TOKEN`,
    });
  if (code === 'RepoNotFound' || status === 401 || status === 404)
    return new DownloadError('model-not-found', `${repo} does not exist, or is private (${status})`, {
      hint: settings.token
        ? `look at ${page} with the account that the token belongs to`
        : `check the spelling at ${page}; for a private model set HF_TOKEN`,
    });
  return new DownloadError(
    'hub-error',
    `${new URL(page).host} answers ${status}${said ? ` (${printable(said)})` : ''} for ${repo}`,
    { hint: 'what has arrived is kept: run the same command again later' },
  );
}

/** The licence has not been accepted, or nobody knows who is asking. */
export function gated(asked: Asked): DownloadError {
  const { settings, repo } = asked;
  const page = licencePage(asked);
  const again = `campanile model pull ${repo}`;
  return settings.token
    ? new DownloadError(
        'licence-not-accepted',
        `${repo} is behind a licence, and the account of the token has not been let in`,
        {
          hint:
            `open ${page}, signed in to that account, and accept the licence; a fine-grained token also needs ` +
            `"read access to public gated repositories"; then run ${again} again`,
        },
      )
    : new DownloadError(
        'token-needed',
        `${repo} is behind a licence, and there is no token to show who asks`,
        {
          hint:
            `1. open ${page}, sign in and accept the licence; 2. make a token with read access at ` +
            `${settings.endpoint}/settings/tokens; 3. HF_TOKEN=hf_… ${again}`,
        },
      );
}
