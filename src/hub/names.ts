/**
 * Names that come from a command line or from a hub are somebody else's data until they have passed through here: each
 * of them becomes part of a path on this disk.
 */
import { basename, resolve } from 'node:path';
import { DownloadError } from '../errors.ts';

/** `owner/name`, as the hub allows it: letters, digits, `.`, `_`, `-`, no `--` and no `..`. */
const REPO_PART = /^(?!.*(?:--|\.\.))[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?$/;
/** A branch, a tag or `refs/pr/3`: what git allows, without the characters that a path could stumble over. */
const REVISION = /^(?!.*(?:\.\.|\/\/|\.lock(?:\/|$)|\.\/))[A-Za-z0-9_][A-Za-z0-9._/+-]{0,199}$/;
const COMMIT = /^[0-9a-f]{40}$/;
/** Names that are devices on Windows, with or without an extension. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

export const isRepoId = (text: string): boolean => {
  const parts = text.split('/');
  return parts.length === 2 && parts.every((part) => REPO_PART.test(part) && !/\.git$/i.test(part));
};

export const isCommit = (text: string): boolean => COMMIT.test(text);

/** @throws {DownloadError} unless `text` is `owner/name` */
export function checkRepoId(text: string): string {
  if (isRepoId(text)) return text;
  throw new DownloadError(
    'bad-name',
    `"${printable(text)}" is not the name of a model, expected owner/name`,
    {
      hint: 'for example DeepFloyd/IF-I-M-v1.0',
    },
  );
}

/** @throws {DownloadError} unless `text` can be a branch, a tag or a commit */
export function checkRevision(text: string): string {
  if (REVISION.test(text) && !/[./]$/.test(text) && text.split('/').every(isSafeSegment)) return text;
  throw new DownloadError(
    'bad-name',
    `"${printable(text)}" is not a revision, expected a branch, a tag or a commit`,
    {
      hint: 'leave it out to get "main"',
    },
  );
}

/**
 * A file of a repository, written with `/`, that lands inside its folder on every system: no `..`, not absolute, no drive
 * letter, no backslash, no control character, no stream (`a:b`), no device, no end in a dot or a blank.
 */
export const isSafePath = (path: string): boolean =>
  path.length <= 400 && path.split('/').every(isSafeSegment);

const isSafeSegment = (segment: string): boolean =>
  segment !== '' &&
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is being looked for
  !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\\:*?"<>|]/.test(segment) &&
  !/[. ]$/.test(segment) &&
  !DEVICE.test(segment);

/** The text without anything that could move a cursor, colour a terminal or fill a screen. */
export const printable = (text: string): string => {
  const visible = text.replace(
    /[^\p{L}\p{N}\p{P}\p{S} ]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return visible.length > 120 ? `${visible.slice(0, 119)}…` : visible;
};

/** What people call the model in a folder: `owner/name` in the hub's cache, elsewhere as the folder is called. */
export function nameOfModel(folder: string): string {
  const path = resolve(folder);
  const [, owner, name] =
    /[/\\]models--([^/\\]+?)--([^/\\]+)[/\\]snapshots[/\\][0-9a-f]{40}$/.exec(path) ?? [];
  return name === undefined ? basename(path) : `${owner}/${name}`;
}
