import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** This machine since it was last started: a process number means nothing on another one, or after a restart. */
export const machineId = createHash('sha256').update(`${hostname()} ${bootId()}`).digest('hex').slice(0, 8);

/** A holder touches its lock so often … */
const HEARTBEAT_MS = 10_000;
/** … that one untouched for so long has lost its holder, wherever that was. */
const ABANDONED_MS = 60_000;
const LOOK_AGAIN_MS = 200;

export interface Lock {
  release(): Promise<void>;
}

/**
 * Waits until this process alone holds the lock file `path`. A lock whose holder died, by `kill -9` as well, is taken over.
 *
 * It saves bandwidth and no more: files get their names by renaming what one process alone has written, so a lock that two
 * hold, as on some network disks, costs a second download. huggingface_hub, whose locks Node cannot take, says the same of its own.
 */
export async function lock(path: string, signal: AbortSignal | undefined, onWait: () => void): Promise<Lock> {
  const content = JSON.stringify({
    machine: machineId,
    pid: process.pid,
    nonce: randomBytes(8).toString('hex'),
  });
  for (let told = false; ; told = true) {
    signal?.throwIfAborted();
    if (await create(path, content)) break;
    if (await removeAbandoned(path)) continue;
    if (!told) onWait();
    await delay(LOOK_AGAIN_MS, undefined, { signal });
  }
  const heart = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, HEARTBEAT_MS).unref();
  return {
    async release() {
      clearInterval(heart);
      const held = await readFile(path, 'utf8').catch(() => '');
      if (held === content) await rm(path, { force: true });
    },
  };
}

async function create(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** True when the lock is gone. */
async function removeAbandoned(path: string): Promise<boolean> {
  try {
    const judged = await readFile(path, 'utf8');
    const { mtimeMs } = await stat(path);
    if (!isDead(judged) && Date.now() - mtimeMs < ABANDONED_MS) return false;
    const aside = `${path}.${randomBytes(4).toString('hex')}`;
    await rename(path, aside);
    // Between reading and renaming another process may have taken over: then it gets its lock back.
    if ((await readFile(aside, 'utf8')) === judged) await rm(aside);
    else await rename(aside, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true;
    throw error;
  }
}

/** Whether the lock's holder was a process of this machine that has ended. */
function isDead(content: string): boolean {
  const [, machine, pid] = /^\{"machine":"([0-9a-f]{8})","pid":(\d+),/.exec(content) ?? [];
  return machine === machineId && !isAlive(Number(pid));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
  } catch {
    return '';
  }
}
