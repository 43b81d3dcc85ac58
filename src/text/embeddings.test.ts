import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { writeSafetensors } from '../checkpoint/safetensors.ts';
import { convertPromptFile, embedPrompts } from '../cli/embed-prompts.ts';
import { zeros } from '../tensor/tensor.ts';
import { closestFirst, editDistance } from './closest.ts';
import { openPromptFile, readPromptFile, writePromptFile } from './embeddings.ts';
import { openTextEncoder } from './encoder.ts';

const oracle = (name: string): string => new URL(`../../test/oracle/${name}`, import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), 'campanile-prompts-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe('prompts from a file', () => {
  test.each(['prompt_embeds_dict.pth', 'prompt_embeds_dict-legacy.pth', 'ordereddict.pth'])(
    '%s stands in for a text encoder',
    async (name) => {
      const file = await openPromptFile(oracle(`pth/${name}`));
      expect(file.prompts).toContain('a high quality photo');
      expect(file.width).toBe(48);
      expect((await file.encode('A high quality photo ')).embeddings.shape).toEqual([1, 77, 48]);
      expect((await file.encode('')).embeddings.shape).toEqual([1, 77, 48]);
    },
  );

  test('any text survives as a prompt, and every number', async () => {
    const path = join(scratch, 'any.safetensors');
    const prompts = new Map(
      ['', '__metadata__', 'unicode café 日本', 'a\n"b"', '__proto__'].map((prompt, i) => [
        prompt,
        { data: new Float32Array(77 * 4).fill(i + 0.1), shape: [1, 77, 4] },
      ]),
    );
    await writePromptFile(path, prompts);
    expect(await readPromptFile(path)).toEqual(prompts);
  });

  test('tensors named by their prompts are read too, and [77, E] is one prompt', async () => {
    const path = join(scratch, 'named.safetensors');
    await writeSafetensors(path, [['a dog', zeros([77, 4])]]);
    const file = await openPromptFile(path);
    expect((await file.encode('a dog')).embeddings.shape).toEqual([1, 77, 4]);
  });

  test('an unknown prompt is refused with those that are there, the closest first', async () => {
    const file = await openPromptFile(oracle('pth/prompt_embeds_dict.pth'));
    const error = (await file.encode('a high qualty photo').catch((e: unknown) => e)) as Error & {
      hint: string;
      code: string;
    };
    expect(error.code).toBe('recipe');
    expect(error.hint).toMatch(/^it has "a high quality photo", .*campanile embed/);
  });

  test('a missing empty prompt is asked for by what it is for', async () => {
    const path = join(scratch, 'no-empty.safetensors');
    await writePromptFile(path, new Map([['a dog', zeros([1, 77, 4])]]));
    const file = await openPromptFile(path);
    await expect(file.encode(' ')).rejects.toThrow(/the empty prompt, which guidance needs/);
    expect(() => file.tokens('a rocket')).toThrow(/has no embedding of "a rocket"/);
  });

  test.each([
    ['no tokens', new Map([['a', zeros([1, 5, 4])]]), /\[1, 5, 4\], expected \[1, 77, E\]/],
    [
      'two widths',
      new Map([
        ['a', zeros([1, 77, 4])],
        ['b', zeros([1, 77, 8])],
      ]),
      /several widths: 4, 8/,
    ],
    ['no prompts', new Map(), /no prompts/],
    [
      'infinity',
      new Map([['a', { data: new Float32Array(77).fill(Infinity), shape: [1, 77, 1] }]]),
      /not finite/,
    ],
  ])('%s: the message says so', async (name, prompts, message) => {
    const path = join(scratch, `${name}.safetensors`);
    await writePromptFile(path, prompts);
    await expect(readPromptFile(path)).rejects.toThrow(message);
  });

  test('files that hold something else are named', async () => {
    await expect(readPromptFile(oracle('pth/bare-tensor.pth'))).rejects.toThrow(/no dictionary of prompts/);
    await expect(readPromptFile(oracle('pth/malicious-system.pth'))).rejects.toThrow(/posix system/);
    await expect(readPromptFile(join(scratch, 'none'))).rejects.toThrow(/cannot be read/);
    const wrong = join(scratch, 'wrong.safetensors');
    await writeSafetensors(wrong, [['prompt.0', zeros([1, 77, 1])]], { prompts: '{' });
    await expect(readPromptFile(wrong)).rejects.toThrow(/list of prompts/);
  });

  test('a .pth under another name is still a .pth', async () => {
    const path = join(scratch, 'renamed.safetensors');
    writeFileSync(path, readFileSync(oracle('pth/prompt_embeds_dict.pth')));
    expect((await readPromptFile(path)).size).toBe(4);
  });
});

test('prompts embedded here are used there: the same numbers, without the encoder', async () => {
  const out = join(scratch, 'prompts.safetensors');
  const { prompts, warnings } = await embedPrompts(
    oracle('tiny-if'),
    ['a rocket ship', 'word '.repeat(100), 'a rocket ship'],
    out,
    { threads: 1 },
  );
  expect(prompts).toEqual(['a rocket ship', 'word '.repeat(100), '']);
  expect(warnings).toHaveLength(1);
  const [file, encoder] = [
    await openPromptFile(out),
    await openTextEncoder(oracle('tiny-if'), { threads: 1 }),
  ];
  for (const prompt of prompts) {
    const [{ embeddings: there }, { embeddings: here }] = [
      await file.encode(prompt),
      await encoder.encode(prompt),
    ];
    expect(there.data.every((value, i) => Math.abs(value - here.data[i]!) < 1e-5)).toBe(true);
  }
  await encoder.close();
});

test('what is in the file stays in it, where it is of the same encoder', async () => {
  const out = join(scratch, 'growing.safetensors');
  await embedPrompts(oracle('tiny-if'), ['a dog'], out, { threads: 1 });
  const [dog] = (await readPromptFile(out)).values();
  const { prompts } = await embedPrompts(oracle('tiny-if'), ['a cow', 'a dog'], out, { threads: 1 });
  expect(prompts).toEqual(['a dog', '', 'a cow']);
  expect((await readPromptFile(out)).get('a dog')).toEqual(dog);
  const [foreign, words] = [join(scratch, 'foreign.safetensors'), join(scratch, 'words.safetensors')];
  await convertPromptFile(out, foreign);
  writeFileSync(words, 'words');
  const into = (file: string) => embedPrompts(oracle('tiny-if'), ['a'], file, { threads: 1 });
  await expect(into(foreign)).rejects.toThrow(/does not say of which text encoder/);
  await expect(into(words)).rejects.toThrow(/holds no prompts/);
  await expect(convertPromptFile(out, foreign)).rejects.toThrow(/there already/);
});

test("the course's file is rewritten as safetensors, number for number", async () => {
  const out = join(scratch, 'converted.safetensors');
  const prompts = await convertPromptFile(oracle('pth/prompt_embeds_dict.pth'), out);
  expect(prompts).toContain('a high quality photo');
  expect(await readPromptFile(out)).toEqual(await readPromptFile(oracle('pth/prompt_embeds_dict.pth')));
});

test('an output that cannot be written is named', async () => {
  await expect(
    embedPrompts(oracle('tiny-if'), ['a'], join(scratch, 'no/such/folder.safetensors'), { threads: 1 }),
  ).rejects.toMatchObject({ code: 'cannot-write' });
});

test('edit distance', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance('', 'abc')).toBe(3);
  expect(closestFirst(['a cat', 'a rocket ship', 'a car'], 'a cat!')).toEqual([
    'a cat',
    'a car',
    'a rocket ship',
  ]);
});
