/** Runs a pull in a process of its own, so that it can be killed. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');

/** Compiles the hub's folder into a folder of its own: a child process of Node 20 reads no TypeScript. */
export async function compileHub(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'campanile-compiled-'));
  const config = {
    extends: join(root, 'tsconfig.build.json'),
    compilerOptions: {
      rootDir: join(root, 'src'),
      outDir: join(folder, 'dist'),
      noCheck: true,
      declaration: false,
      declarationMap: false,
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: [],
    files: [join(root, 'src/hub/pull.ts')],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]);
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(
    join(folder, 'pull.js'),
    `import { pullModel } from './dist/hub/pull.js';
const onEvent = (event) => console.log(JSON.stringify(event));
pullModel(process.argv[2], { onEvent, retryDelayMs: 1 }).then(
  (folder) => console.log(JSON.stringify({ type: 'end', folder })),
  (error) => { console.log(JSON.stringify({ type: 'error', code: error.code, message: error.message })); process.exitCode = 1; },
);
`,
  );
  return folder;
}

export interface PullProcess {
  readonly child: ChildProcess;
  readonly lines: AsyncIterable<string>;
}

export function startPull(compiled: string, repo: string, env: Record<string, string>): PullProcess {
  const child = spawn(process.execPath, [join(compiled, 'pull.js'), repo], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, lines: createInterface({ input: child.stdout! }) };
}
