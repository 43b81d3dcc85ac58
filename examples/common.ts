import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the examples put their pictures: the first word after the command, or the folder `out/examples`. */
export function output(name: string): string {
  const folder = process.argv[2] ?? 'out/examples';
  mkdirSync(folder, { recursive: true });
  return join(folder, name);
}
