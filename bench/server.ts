/**
 * The server under load, with experiments that only wait: `node --import tsx -C campanile-source bench/server.ts`.
 * Prints numbers; judges nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from '../src/jobs/job.ts';
import { redisProgram, startRedis } from '../test/jobs/engines.ts';
import { parseEvents } from '../test/jobs/fake-server.ts';
import { startProcess, type TestProcess } from '../test/jobs/processes.ts';

const SECONDS = Number(process.argv[2] ?? 10);

async function withServer(
  options: object,
  use: (url: string, server: TestProcess) => Promise<void>,
): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), 'campanile-bench-'));
  const server = startProcess('./server-process.ts', { stateDir, limits: { queued: 10_000 }, ...options });
  try {
    await use(await server.told('url'), server);
  } finally {
    server.kill('SIGTERM');
    await server.ended;
    rmSync(stateDir, { recursive: true, force: true });
  }
}

async function submit(url: string, prompt: string, steps: number, ms: number): Promise<Job> {
  const body = JSON.stringify({ experiment: 'fake-drawing', params: { prompts: [prompt], steps, ms } });
  const response = await fetch(`${url}/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return (await response.json()) as Job;
}

const ended = async (url: string, id: string) =>
  parseEvents(await (await fetch(`${url}/v1/jobs/${id}/events`)).text());

const metric = async (url: string, name: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
};

/** Milliseconds of one GET over a connection that stays. */
const timed = (url: string, agent: Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    request(url, { agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(performance.now() - began));
    })
      .on('error', reject)
      .end();
  });

async function latencies(): Promise<void> {
  await withServer({}, async (url) => {
    const { id } = await submit(url, 'running', 10_000, 50);
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    const times: number[] = [];
    const until = performance.now() + SECONDS * 1000;
    const client = async () => {
      while (performance.now() < until) times.push(await timed(`${url}/v1/jobs/${id}`, agent));
    };
    await Promise.all(Array.from({ length: 50 }, client));
    agent.destroy();
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.floor(times.length * share)]!.toFixed(1);
    const lag = await metric(url, 'campanile_event_loop_lag_seconds\\{quantile="0.99"\\}');
    console.log(
      `GET a job, 50 clients, a job running: ${(times.length / SECONDS).toFixed(0)}/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; loop lag p99 ${(lag * 1000).toFixed(0)} ms`,
    );
  });
}

async function listeners(): Promise<void> {
  await withServer({}, async (url) => {
    const { id } = await submit(url, 'heard', 60, 50);
    const heard = await Promise.all(Array.from({ length: 200 }, () => ended(url, id)));
    const whole = heard.filter((events) => JSON.stringify(events) === JSON.stringify(heard[0]));
    const other = heard.find((events) => !whole.includes(events));
    const odd = other
      ? `; another heard ${other.length}: ${other.map((e) => `${e.seq} ${e.type}`).join(', ')}`
      : '';
    const end = heard[0]!.at(-1)!.type;
    console.log(`200 listeners: ${whole.length} heard the same ${heard[0]!.length} events to "${end}"${odd}`);
  });
}

async function memory(): Promise<void> {
  await withServer({}, async (url) => {
    const megabytes = async () =>
      `${((await metric(url, 'process_resident_memory_bytes')) / 2 ** 20).toFixed(0)} MB`;
    const sizes: string[] = [`0: ${await megabytes()}`];
    for (let i = 1; i <= 500; i++) {
      const { id } = await submit(url, `small ${i}`, 2, 0);
      await ended(url, id);
      if (i % 100 === 0) sizes.push(`${i}: ${await megabytes()}`);
    }
    console.log(`memory of the server after so many small jobs: ${sizes.join(', ')}`);
  });
}

/** Seconds of the server's processor for each job, as ever more of them are behind it. */
async function cost(): Promise<void> {
  await withServer({}, async (url) => {
    const told: string[] = [];
    let sent = 0;
    for (const until of [10, 100, 1000]) {
      const before = await metric(url, 'process_cpu_seconds_total');
      const first = sent;
      for (; sent < until; sent++) await ended(url, (await submit(url, `cost ${sent}`, 2, 0)).id);
      const seconds = (await metric(url, 'process_cpu_seconds_total')) - before;
      told.push(`${first + 1} to ${until}: ${((1000 * seconds) / (until - first)).toFixed(1)} ms`);
    }
    console.log(`processor of the server for a job, jobs ${told.join(', ')}`);
  });
}

async function workers(count: number, jobs: number): Promise<number> {
  const redis = await startRedis();
  const store = mkdtempSync(join(tmpdir(), 'campanile-bench-'));
  const shared = { queue: redis.url, store };
  let seconds = 0;
  await withServer({ ...shared, workers: 0 }, async (url) => {
    const started = await Promise.all(
      Array.from({ length: count }, async () => {
        const stateDir = mkdtempSync(join(tmpdir(), 'campanile-bench-'));
        const worker = startProcess('./server-process.ts', { ...shared, stateDir });
        await worker.told('url');
        return { worker, stateDir };
      }),
    );
    const began = performance.now();
    const ids = await Promise.all(Array.from({ length: jobs }, (_, i) => submit(url, `job ${i}`, 10, 40)));
    await Promise.all(ids.map(({ id }) => ended(url, id)));
    seconds = (performance.now() - began) / 1000;
    for (const { worker, stateDir } of started) {
      worker.kill('SIGTERM');
      await worker.ended;
      rmSync(stateDir, { recursive: true, force: true });
    }
  });
  await redis.stop();
  rmSync(store, { recursive: true, force: true });
  return seconds;
}

const only = process.argv[3];
if (!only || only === 'latencies') await latencies();
if (!only || only === 'listeners') await listeners();
if (!only || only === 'memory') await memory();
if (!only || only === 'cost') await cost();
if (redisProgram && (!only || only === 'workers')) {
  const [one, two, four] = [await workers(1, 40), await workers(2, 40), await workers(4, 40)];
  console.log(
    `40 jobs on Redis: one worker ${one.toFixed(1)} s, two ${two.toFixed(1)} s, four ${four.toFixed(1)} s: ${(two / one).toFixed(2)} and ${(four / one).toFixed(2)} of it`,
  );
}
