// A benchmark's child process: says when it is ready, then answers each line it reads with one JSON line.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Wall time and processor time of all threads, in milliseconds. */
export async function timed(work) {
  const start = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - start, cpuMs: (user + system) / 1e3 };
}

export async function answerLines(ready, answer) {
  console.log(JSON.stringify(ready));
  for await (const _ of createInterface({ input: process.stdin }))
    console.log(JSON.stringify(await answer()));
}

/** Starts a child; `ready` is its first answer, `ask()` asks for the next. */
export async function startChild(command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command} ${args.join(' ')} ended early`);
    return JSON.parse(value);
  };
  return {
    ready: await next(),
    pid: child.pid,
    ask() {
      child.stdin.write('\n');
      return next();
    },
    end: () => child.stdin.end(),
  };
}

/** One turn for each child, `rounds` times; the best of each, by wall and by processor time. */
export async function interleaved(children, rounds) {
  const results = children.map(() => ({ wallMs: Infinity, cpuMs: Infinity }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, child] of children.entries()) {
      const { wallMs, cpuMs } = await child.ask();
      results[i] = { wallMs: Math.min(results[i].wallMs, wallMs), cpuMs: Math.min(results[i].cpuMs, cpuMs) };
    }
  }
  for (const child of children) child.end();
  return results;
}
