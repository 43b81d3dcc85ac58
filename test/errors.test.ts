import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as errors from '../src/errors.ts';
import { problemOf } from '../src/server/problem.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
const sources = readdirSync(fileURLToPath(new URL('../src', import.meta.url)), {
  recursive: true,
  encoding: 'utf8',
}).filter((file) => /\.ts$/.test(file) && !/\.test\.ts$/.test(file));

/** Files that throw an error again with the code it had. */
const passOn = [
  'checkpoint/torch-zip.ts',
  'experiments/pictures.ts',
  'jobs/compute.ts',
  'server/compat/borrowed.ts',
  'server/context.ts',
];

/** "Class code" of every error that is made anywhere in src. */
function made(): Set<string> {
  const found = new Set(['ShapeError shape', 'ArgumentError argument', 'RecipeError recipe']); // their constructors take none
  for (const file of sources) {
    const text = read(`src/${file}`);
    const classes = [...Object.keys(errors), 'RefusedError'].filter(
      (name) => !/Shape|Argument|Recipe/.test(name),
    );
    const calls = new RegExp(`new (${classes.join('|')})\\(\\s*(?:\\d+,\\s*)?('[^']*'|[\\w.]+)`, 'g');
    for (const [, name, code] of text.matchAll(calls)) {
      if (code!.startsWith("'")) found.add(`${name} ${code!.slice(1, -1)}`);
      // Then the file holds a table of codes.
      else if (!passOn.includes(file)) {
        const table = [...text.matchAll(/\bcode: '([^']+)'/g)].map(([, entry]) => entry!);
        expect(table, `${file}: where does the code of its ${name} come from?`).not.toEqual([]);
        for (const entry of table) found.add(`${name} ${entry}`);
      }
    }
  }
  // Not an error of the server's own, but how it names what the validation of requests found.
  found.add('RefusedError request');
  return found;
}

/** "Class code" of every row under the heading of a class. */
function listed(manual: string): Set<string> {
  const found = new Set<string>();
  for (const section of manual.split(/^## /m).slice(1)) {
    const name = /^`(\w+)`/.exec(section)?.[1];
    for (const [, cell] of section.matchAll(/^\| (`[^|]+`) \|/gm))
      for (const [, code] of cell!.matchAll(/`([^`]+)`/g)) found.add(`${name} ${code}`);
  }
  return found;
}

const manual = read('docs/errors.md');

test('the manual lists every error that the code can raise, and no other', () => {
  expect([...listed(manual)].toSorted()).toEqual([...made()].toSorted());
});

test.each(Object.entries(errors).filter(([name]) => name !== 'CampanileError'))(
  '%s has the exit code and the status of the manual',
  (name, ErrorClass) => {
    const error = new (ErrorClass as unknown as new (...given: unknown[]) => errors.CampanileError)(
      'x',
      [],
      '',
    );
    const row = new RegExp(`^\\| \`${name}\` \\| (\\d+) \\| (\\d+) \\|`, 'm').exec(manual);
    expect(row?.slice(1).map(Number)).toEqual([error.exitCode, problemOf(error).status]);
  },
);
