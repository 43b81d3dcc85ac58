import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkRepoId, checkRevision, isSafePath, printable } from './names.ts';

test('the names of the models are names', () => {
  for (const name of ['DeepFloyd/IF-I-XL-v1.0', 'google/t5-v1_1-xxl', 'a/b', 'Some.Body/x_y-z.1'])
    expect(checkRepoId(name)).toBe(name);
});

test('branches, tags, commits and pull requests are revisions', () => {
  for (const revision of ['main', 'v1.0', 'refs/pr/12', 'feature/x_y', '0'.repeat(40), 'fp16'])
    expect(checkRevision(revision)).toBe(revision);
});

test('the files of a stage are safe', () => {
  for (const path of [
    'model_index.json',
    '.gitattributes',
    'unet/diffusion_pytorch_model.fp16-00001-of-00002.safetensors',
  ])
    expect(isSafePath(path)).toBe(true);
});

test('a path that is called safe stays inside its folder, on every system', () => {
  const piece = fc.oneof(
    fc.constantFrom('..', '.', '', 'C:', '\\', '//', 'con', 'a', '~'),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.constantFrom('/', '\\', ''), (pieces, glue) => {
      const path = pieces.join(glue);
      if (!isSafePath(path)) return;
      expect(posix.resolve('/cache', path).startsWith('/cache/')).toBe(true);
      expect(win32.resolve('C:\\cache', path).startsWith('C:\\cache\\')).toBe(true);
      expect(posix.normalize(path)).toBe(path);
    }),
    { numRuns: 5000 },
  );
});

test('a revision that passes stays inside refs', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('.', '/', 'a', '-', '\\', ':', ' ', '\u0000'), maxLength: 9 }),
      (text) => {
        try {
          expect(posix.resolve('/refs', checkRevision(text)).startsWith('/refs/')).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-name' });
        }
      },
    ),
    { numRuns: 5000 },
  );
});

test('what is printed moves no cursor and fills no screen', () => {
  expect(printable('\u001b[2Jx\r\n')).toBe('\\u{1b}[2Jx\\u{d}\\u{a}');
  expect(printable('naïve 模型.json')).toBe('naïve 模型.json');
  expect(printable('x'.repeat(1000)).length).toBe(120);
});
