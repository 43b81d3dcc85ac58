import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

test('the UNets of the oracle are those that unets.py made', async () => {
  const folder = new URL('unets/', import.meta.url);
  const { sha256 } = JSON.parse(await readFile(new URL('provenance.json', folder), 'utf8')) as {
    sha256: Record<string, string>;
  };
  for (const [file, expected] of Object.entries(sha256)) {
    const found = createHash('sha256')
      .update(await readFile(new URL(file, folder)))
      .digest('hex');
    expect([file, found]).toEqual([file, expected]);
  }
});
