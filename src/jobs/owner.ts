import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { QueueError } from '../errors.ts';
import { codeOf } from './durable.ts';

interface Owner {
  readonly pid: number;
  /** Tells a process from a later one with the same number. */
  readonly started: string;
  readonly host: string;
  readonly nonce: string;
}

/**
 * Makes this process the only one that may use a folder, by the file `owner.json` in it. The file of a process that has
 * died is taken over.
 *
 * @returns gives the folder free again
 * @throws {QueueError} `owned` when a living process has it
 */
export async function own(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'owner.json');
  const me: Owner = {
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    host: hostname(),
    nonce: randomUUID(),
  };
  const mine = `${path}.${me.nonce}`;
  await writeFile(mine, JSON.stringify(me));
  try {
    for (let tries = 0; tries < 10; tries++) {
      try {
        await link(mine, path);
        return async () => {
          if ((await ownerOf(path))?.nonce === me.nonce) await rm(path, { force: true });
        };
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      const other = await ownerOf(path);
      if (other && lives(other)) throw owned(folder, other);
      await takeAway(path, other, me.nonce);
    }
    throw owned(folder, await ownerOf(path));
  } finally {
    await rm(mine, { force: true });
  }
}

/** Removes the file of a dead owner, and puts it back if it was another's by then. */
async function takeAway(path: string, dead: Owner | undefined, nonce: string): Promise<void> {
  const aside = `${path}.${nonce}.old`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await ownerOf(aside))?.nonce !== dead?.nonce) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

async function ownerOf(path: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Owner;
  } catch {
    return undefined; // absent, or torn by the death of who wrote it
  }
}

/** An owner on another machine that shares the folder cannot be asked, and counts as living. */
function lives({ pid, started, host }: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
  const now = startOf(pid);
  return now === undefined || now === started;
}

/** When the process began, in clock ticks since boot; undefined where /proc does not tell. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; the 22nd field is the 20th after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

const owned = (folder: string, other: Owner | undefined) =>
  new QueueError(
    'owned',
    `another campanile uses ${folder} (process ${other?.pid ?? 'unknown'} on ${other?.host ?? 'this machine'})`,
    {
      hint: 'stop it, or give this one another folder with --state; several servers share a queue with --queue redis://…',
      status: 503,
    },
  );
