import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { OutputError } from './errors.ts';
import { writing } from './writing.ts';

const refused = (code: keyof typeof constants.errno) => async () => {
  const errno = -constants.errno[code];
  throw Object.assign(new Error(`${code}: words of the system`), { code, errno, syscall: 'mkdir' });
};

test.each([
  ['EACCES', 'cannot-write', /^cannot write \/somewhere: permission denied$/],
  ['EROFS', 'cannot-write', /^cannot write \/somewhere: read-only file system$/],
  ['ENOTDIR', 'cannot-write', /^cannot write \/somewhere: not a directory$/],
  ['ENOSPC', 'disk-full', /^the disk is full: \/somewhere could not be written$/],
  ['EDQUOT', 'disk-full', /disk is full/],
] as const)('%s is told in words, with the next thing to do', async (errno, code, message) => {
  const hints = { elsewhere: 'choose another folder', full: 'free some space' };
  const error = await writing('/somewhere', refused(errno), hints).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OutputError);
  expect(error).toMatchObject({ code, message: expect.stringMatching(message), exitCode: 2 });
  expect((error as OutputError).hint).toBe(code === 'disk-full' ? hints.full : hints.elsewhere);
});

test('what is not about the disk goes through untouched, and so does what was written', async () => {
  const aborted = new DOMException('stop', 'AbortError');
  await expect(writing('/somewhere', () => Promise.reject(aborted))).rejects.toBe(aborted);
  expect(await writing('/somewhere', async () => 7)).toBe(7);
});
