import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { fromSources } from './fake-compute.ts';

/** A process of the tests: tells what it has to say a line each. */
export interface TestProcess {
  readonly pid: number;
  /** Waits for a line that begins with the word; gives the rest of it. */
  told(word: string): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Starts a script of this folder from the sources, with JSON for its only argument. */
export function startProcess(script: string, options: unknown): TestProcess {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [...fromSources, path, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  return {
    pid: child.pid!,
    kill: (signal) => void child.kill(signal),
    ended,
    told: (word) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = lines.find((text) => text.startsWith(`${word} `) || text === word);
          if (line === undefined) return;
          waiting.delete(look);
          resolve(line.slice(word.length + 1));
        };
        waiting.add(look);
        look();
        void ended.then((how) => reject(new Error(`ended with ${how} before it said "${word}"`)));
      }),
  };
}
