/** What `npm start` runs: the program, its server and its page, on the embedded checkpoint. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { PageChanges } from '../src/gallery/making.ts';
import type { Job } from '../src/server/api-types.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

test('page and studio answer before the first picture is made, and what the studio is asked for comes before the rest of the page', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'campanile-start-'));
  const words = ['dist/cli/main.js', 'start', '--port', '0', '--out', join(folder, 'out')];
  const program = spawn(process.execPath, [...words, '--state', join(folder, 'state')], { cwd: root });
  try {
    let said = '';
    program.stdout.on('data', (data) => {
      said += data;
    });
    await expect.poll(() => said, { timeout: 60_000 }).toMatch(/The API/);
    const [, url] = /The page: +(\S+)\/\n/.exec(said)!;
    const get = async <T>(path: string): Promise<T> => (await fetch(url + path)).json() as Promise<T>;
    const front = await (await fetch(`${url}/`)).text();
    expect(front).toContain('being made');
    expect(front).not.toContain('<img');
    if (existsSync(join(root, 'dist/studio/index.html')))
      expect((await fetch(`${url}/studio/`)).status).toBe(200);

    await expect
      .poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 120_000, interval: 200 })
      .toBe(200);
    const asked = await fetch(`${url}/v1/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ experiment: 'sdedit', params: { iStarts: [22], seed: 7 } }),
    });
    const { id } = (await asked.json()) as Job;
    const job = () => get<Job>(`/v1/jobs/${id}`);
    // −1: as it stands, without waiting.
    const made = async () => (await get<PageChanges>('/page/changes?seen=-1')).version;
    const before = await made();
    let meanwhile = before;
    for (let version = before; (await job()).state !== 'done'; version = await made()) meanwhile = version;
    // What was under way when it was asked may have come to its end.
    expect(meanwhile - before).toBeLessThanOrEqual(1);
    await expect.poll(made, { timeout: 120_000, interval: 200 }).toBeGreaterThan(before + 1);

    program.kill('SIGINT');
    expect(await once(program, 'exit')).toEqual([0, null]);
  } finally {
    program.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}, 400_000);
