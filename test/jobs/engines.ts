import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A database server of the tests' own: in a temporary folder, on a free port. */
export interface EngineServer {
  readonly url: string;
  /** As if the machine had lost its power. */
  kill(): Promise<void>;
  /** On the same folder and port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Where a program is, or undefined, with the reason printed once. */
export function program(name: string, folders: readonly string[] = []): string | undefined {
  const path = [...(process.env['PATH'] ?? '').split(delimiter), ...folders]
    .map((f) => join(f, name))
    .find(existsSync);
  if (!path)
    console.warn(`skipped: ${name} is not installed (Debian: apt-get install redis-server postgresql)`);
  return path;
}

export async function answers(port: number, child?: ChildProcess): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (child?.exitCode !== null && child?.exitCode !== undefined)
      throw new Error(`ended with ${child.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch {
      await sleep(20);
    } finally {
      socket.destroy();
    }
  }
  throw new Error(`nothing answers on port ${port}`);
}

/** @param folder  removed in the end */
async function server(
  folder: string | undefined,
  port: number,
  url: string,
  start: () => ChildProcess,
): Promise<EngineServer> {
  let child = start();
  await answers(port, child);
  const kill = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    url,
    kill: () => kill('SIGKILL'),
    restart: async () => {
      child = start();
      await answers(port, child);
    },
    stop: async () => {
      await kill('SIGKILL');
      if (folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const redisProgram = program('redis-server');

/** @param folder  for its append-only file; a temporary one of its own if absent */
export async function startRedis(given?: string): Promise<EngineServer> {
  const folder = given ?? mkdtempSync(join(tmpdir(), 'campanile-redis-'));
  const port = await freePort();
  const options = [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--appendonly',
    'yes',
    // Else a disk that is busy may hold a write back for two seconds, and a kill then loses what was answered; but then Redis ends
    // when its disk is full.
    '--appendfsync',
    given ? 'everysec' : 'always',
    '--save',
    '',
  ];
  return server(given ? undefined : folder, port, `redis://127.0.0.1:${port}`, () =>
    spawn(redisProgram!, [...options, '--maxmemory-policy', 'noeviction'], { stdio: 'ignore' }),
  );
}

const postgresFolders = ['/usr/lib/postgresql/15/bin', '/usr/lib/postgresql/17/bin'];
export const postgresProgram = program('postgres', postgresFolders);

/** PostgreSQL will not be run by root, so root lends it another user. */
export async function startPostgres(): Promise<EngineServer> {
  const folder = mkdtempSync(join(tmpdir(), 'campanile-postgres-'));
  const port = await freePort();
  const root = process.getuid?.() === 0;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const as = root ? { uid: id('-u'), gid: id('-g') } : {};
  if (root) chownSync(folder, as.uid!, as.gid!);
  const data = join(folder, 'data');
  const initdb = program('initdb', postgresFolders)!;
  execFileSync(initdb, ['-D', data, '-A', 'trust', '-U', 'campanile', '-N'], {
    ...as,
    stdio: 'ignore',
    cwd: folder,
  });
  const options = ['-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', folder];
  const url = `postgres://campanile@127.0.0.1:${port}/postgres`;
  const started = await server(folder, port, url, () =>
    spawn(postgresProgram!, options, { ...as, stdio: 'ignore', cwd: folder }),
  );
  await accepting(url);
  return { ...started, restart: () => started.restart().then(() => accepting(url)) };
}

/** It listens before it accepts. */
async function accepting(url: string): Promise<void> {
  const { default: pg } = await import('pg');
  for (let i = 0; i < 500; i++) {
    const client = new pg.Client(url);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await sleep(20);
    }
  }
  throw new Error('PostgreSQL does not accept connections');
}
