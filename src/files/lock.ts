import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../writing.ts';

/** This machine since it was last started: a process number means nothing on another one, or after a restart. */
export const machineId = createHash('sha256').update(`${hostname()} ${bootId()}`).digest('hex').slice(0, 8);

/** A holder touches its lock so often … */
const HEARTBEAT_MS = 10_000;
/** … that one untouched for so long has lost its holder, wherever that was. */
export const ABANDONED_MS = 60_000;
/** A file that says nothing is still being written, where links are not known; after this it never will be. */
const TORN_MS = 2_000;
const LOOK_AGAIN_MS = 200;

export interface Lock {
  release(): Promise<void>;
}

/** Who holds a lock, as its file says it. */
export interface Holder {
  readonly machine?: string;
  readonly host?: string;
  readonly pid: number;
  /** Tells a process from a later one with the same number; empty where the system does not tell. */
  readonly started?: string;
  readonly nonce: string;
}

export interface Taking {
  /** Untouched for so long, a lock held on another machine counts as abandoned; never, by default. */
  readonly abandonedMs?: number;
}

/**
 * Takes the lock file `path`, also from a holder that died, by `kill -9` as well.
 *
 * @returns the lock, or who has it
 */
export async function tryLock(
  path: string,
  { abandonedMs = Infinity }: Taking = {},
): Promise<Lock | { readonly heldBy: Holder | undefined }> {
  const me: Holder = {
    machine: machineId,
    host: hostname(),
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    nonce: randomUUID(),
  };
  while (!(await create(path, me))) {
    const judged = await readFile(path, 'utf8').catch(() => undefined);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => undefined,
    );
    if (judged === undefined || age === undefined) continue; // just given back
    const holder = read(judged);
    if (holder ? lives(holder, age, abandonedMs) : age < TORN_MS) return { heldBy: holder };
    await takeAway(path, judged, me.nonce);
  }
  const heart = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, HEARTBEAT_MS).unref();
  return {
    async release() {
      clearInterval(heart);
      if (read(await readFile(path, 'utf8').catch(() => ''))?.nonce === me.nonce)
        await rm(path, { force: true });
    },
  };
}

/**
 * Waits until this process alone holds the lock file `path`.
 *
 * It saves work and no more: files get their names by renaming what one process alone has written, so a lock that two
 * hold, as on some network disks, costs a second download. huggingface_hub, whose locks Node cannot take, says the same of its own.
 */
export async function lock(path: string, signal: AbortSignal | undefined, onWait: () => void): Promise<Lock> {
  for (let told = false; ; told = true) {
    signal?.throwIfAborted();
    const taken = await tryLock(path, { abandonedMs: ABANDONED_MS });
    if ('release' in taken) return taken;
    if (!told) onWait();
    await delay(LOOK_AGAIN_MS, undefined, { signal });
  }
}

/** The file appears with all it says, where the disk knows links. */
async function create(path: string, me: Holder): Promise<boolean> {
  const content = JSON.stringify(me);
  const beside = `${path}.${me.nonce}`;
  try {
    await writeFile(beside, content);
    await link(beside, path).catch((error) => {
      if (codeOf(error) === 'EEXIST') throw error;
      return writeFile(path, content, { flag: 'wx' });
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(beside, { force: true });
  }
}

/** Removes the file of a dead holder, and puts it back if it was another's by then. */
async function takeAway(path: string, judged: string, nonce: string): Promise<void> {
  const aside = `${path}.${nonce}.old`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) === judged) await rm(aside);
  else await rename(aside, path);
}

function read(content: string): Holder | undefined {
  try {
    const holder = JSON.parse(content) as Holder | null;
    return typeof holder?.pid === 'number' ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** A process of this machine can be asked; of another's only how long it has not touched its lock is known. */
function lives({ machine, host, pid, started }: Holder, ageMs: number, abandonedMs: number): boolean {
  const here = machine === machineId || (machine === undefined && host === hostname());
  if (!here) return host !== hostname() && ageMs < abandonedMs; // ours, but before it was started again
  if (!isAlive(pid)) return false;
  const now = startOf(pid);
  return !started || now === undefined || now === started;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** When the process began, in clock ticks since boot; undefined where /proc does not tell. */
function startOf(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; the 22nd field is the 20th after it.
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
  } catch {
    return '';
  }
}
