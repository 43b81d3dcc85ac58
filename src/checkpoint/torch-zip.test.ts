import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CheckpointError } from '../errors.ts';
import type { Pickled } from './pickle.ts';
import { openTorch, readTorch, type TorchTensor, tensorsOf } from './torch-zip.ts';

const folder = new URL('../../test/oracle/pth/', import.meta.url);
const fixture = (name: string): Uint8Array => readFileSync(new URL(name, folder));
const { prompts } = JSON.parse(readFileSync(new URL('contents.json', folder), 'utf8')) as {
  prompts: string[];
};

const codeOf = (file: Uint8Array): string => {
  try {
    readTorch(file);
  } catch (error) {
    if (error instanceof CheckpointError) return error.code;
    throw error;
  }
  return 'read';
};

/** A zip archive of stored entries, as plain as it gets. */
function zip(
  entries: readonly (readonly [name: string, content: Uint8Array, change?: (header: Buffer) => void])[],
): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content, change] of entries) {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50);
    central.writeUInt32LE(content.length, 20);
    central.writeUInt32LE(content.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(at, 42);
    change?.(central);
    directory.push(central, Buffer.from(name));
    files.push(local, Buffer.from(name), Buffer.from(content));
    at += 30 + name.length + content.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, ...directory, end]);
}

const text = (value: string): Buffer =>
  Buffer.concat([Buffer.from('X'), uint32(value.length), Buffer.from(value)]);
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};
const int = (value: number): Buffer => Buffer.concat([Buffer.from('J'), uint32(value)]);
const tuple = (values: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from('('), ...values.map(int), Buffer.from('t')]);
/** The pickle of one float tensor on a storage of `numel` items, and the archive with `storedBytes` zero bytes for it. */
function tensorFile(
  { numel = 6, offset = 0, shape = [2, 3], stride = [3, 1] } = {},
  storedBytes?: number,
): Buffer {
  const pickle = Buffer.concat([
    Buffer.from('\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((', 'latin1'),
    text('storage'),
    Buffer.from('ctorch\nFloatStorage\n'),
    text('0'),
    text('cuda:0'),
    int(numel),
    Buffer.from('tQ'),
    int(offset),
    tuple(shape),
    tuple(stride),
    Buffer.from('\x89ccollections\nOrderedDict\n)RtR.', 'latin1'),
  ]);
  return zip([
    ['a/data.pkl', pickle],
    ['a/data/0', new Uint8Array(storedBytes ?? 4 * numel)],
  ]);
}
const pickled = (...parts: (string | Uint8Array)[]): Buffer =>
  zip([['a/data.pkl', Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1')))]]);

describe('what torch.save writes is read', () => {
  test.each(['prompt_embeds_dict.pth', 'prompt_embeds_dict-legacy.pth', 'ordereddict.pth'])('%s', (name) => {
    const tensors = tensorsOf(readTorch(fixture(name)));
    expect([...tensors.keys()]).toEqual(prompts);
    for (const found of tensors.values()) {
      expect(found.dtype).toBe('F16');
      expect(found.shape).toEqual([1, 77, 48]);
      expect(found.tensor().data.every(Number.isFinite)).toBe(true);
    }
  });

  test('the old format holds the same numbers as the new one', () => {
    const [now, before] = ['prompt_embeds_dict.pth', 'prompt_embeds_dict-legacy.pth'].map((name) =>
      tensorsOf(readTorch(fixture(name))),
    );
    for (const prompt of prompts) expect(before!.get(prompt)!.bytes()).toEqual(now!.get(prompt)!.bytes());
  });

  test('views: transposed, offset, shared, and a parameter', () => {
    const value = readTorch(fixture('odd.pth')) as Map<Pickled, Pickled>;
    const view = (key: string): TorchTensor => value.get(key) as TorchTensor;
    const [f32, transposed] = [view('f32').tensor().data, view('transposed').tensor().data];
    expect(view('transposed').shape).toEqual([1, 48, 77]);
    for (let i = 0; i < 77; i++)
      for (let j = 0; j < 48; j++) expect(transposed[j * 77 + i]).toBe(f32[i * 48 + j]);
    expect(view('offset').shape).toEqual([1, 6, 48]);
    expect(view('param').tensor().data).toEqual(f32.slice(0, 96));
    const nested = value.get('nested') as Map<Pickled, Pickled>;
    expect([nested.get('n'), nested.get('s'), nested.get('l')]).toEqual([7, 'text', [1, 2.5, null, true]]);
    expect([...tensorsOf(value).keys()]).toContain('nested.x');
  });

  test('a tensor alone has no name', () => {
    expect([...tensorsOf(readTorch(fixture('bare-tensor.pth'))).keys()]).toEqual(['']);
  });

  test('a file on disk', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'campanile-')), 'x.pth');
    writeFileSync(path, tensorFile());
    expect(await openTorch(path)).toMatchObject({ dtype: 'F32', shape: [2, 3] });
    await expect(openTorch(`${path}.none`)).rejects.toThrow(/no such file/);
  });
});

describe('what is not data is refused before anything is done', () => {
  test.each(readdirSync(folder).filter((name) => /^(malicious|truncated|short)/.test(name)))('%s', (name) => {
    expect(codeOf(fixture(name))).toMatch(
      name.startsWith('malicious') ? /pickle-refused/ : name.startsWith('truncated') ? /zip/ : /storage/,
    );
  });

  test.each([
    ['an unknown name', pickled('\x80\x02cos\nsystem\n.'), 'pickle-refused'],
    [
      'a name built from texts (protocol 4)',
      pickled('\x80\x04\x8c\x02os\x8c\x06system\x93.'),
      'pickle-refused',
    ],
    ['an instruction that makes objects', pickled('\x80\x02)\x81.'), 'pickle-refused'],
    ['a call of a value', pickled('\x80\x02}R.'), 'pickle-damaged'],
    [
      'an OrderedDict with arguments',
      pickled('\x80\x02ccollections\nOrderedDict\n]\x85R.'),
      'pickle-refused',
    ],
    ['attributes on a list', pickled('\x80\x02]}b.'), 'pickle-refused'],
    ['protocol 0', pickled('(dp0\n.'), 'pickle-refused'],
    ['no end', pickled('\x80\x02N'), 'pickle-damaged'],
    ['a text longer than the file', pickled('\x80\x02X\xff\xff\xff\xff.'), 'pickle-damaged'],
    [
      'more instructions than any file of prompts needs',
      pickled('\x80\x02', new Uint8Array(1_000_001).fill(0x4e)),
      'pickle-refused',
    ],
    ['a storage that is too short', tensorFile({}, 23), 'storage'],
    ['a storage that is too long', tensorFile({}, 25), 'storage'],
    ['a view that starts outside its storage', tensorFile({ offset: 1 }), 'storage'],
    ['a view that ends outside its storage', tensorFile({ stride: [4, 1] }), 'storage'],
    ['a negative size', tensorFile({ shape: [-2, -3] }), 'storage'],
    ['a negative stride', tensorFile({ stride: [-3, 1] }), 'storage'],
    ['a negative offset', tensorFile({ offset: -1 }), 'storage'],
    ['as many strides as sizes', tensorFile({ stride: [1] }), 'storage'],
    ['one number shown 10⁹ times', tensorFile({ shape: [100_000, 10_000], stride: [0, 0] }), 'storage'],
    ['a file that is neither', Buffer.from('not a checkpoint'), 'pickle-damaged'],
    ['nothing at all', Buffer.alloc(0), 'pickle-damaged'],
    ['an archive without a pickle', zip([['a/b', Buffer.from('x')]]), 'zip'],
    [
      'an archive with two pickles',
      zip([
        ['a/data.pkl', Buffer.from('N.')],
        ['b/data.pkl', Buffer.from('N.')],
      ]),
      'zip',
    ],
    [
      'two entries of one name',
      zip([
        ['a/data.pkl', Buffer.from('N.')],
        ['a/data.pkl', Buffer.from('N.')],
      ]),
      'zip',
    ],
    [
      'an encrypted entry',
      zip([['a/data.pkl', Buffer.from('N.'), (header) => header.writeUInt16LE(1, 8)]]),
      'zip',
    ],
    [
      'a compressed entry',
      zip([['a/data.pkl', Buffer.from('N.'), (header) => header.writeUInt16LE(8, 10)]]),
      'zip',
    ],
    [
      'an entry larger than the file',
      zip([
        [
          'a/data.pkl',
          Buffer.from('N.'),
          (h) =>
            [20, 24].forEach((at) => {
              h.writeUInt32LE(9999, at);
            }),
        ],
      ]),
      'zip',
    ],
    [
      'entries that share bytes',
      zip([
        ['a/data.pkl', Buffer.from('N.')],
        ['a/x', Buffer.from('N.'), (header) => header.writeUInt32LE(0, 42)],
      ]),
      'zip',
    ],
    ['bytes behind the archive', Buffer.concat([tensorFile(), Buffer.from('x')]), 'zip'],
    [
      'another byte order',
      zip([
        ['a/data.pkl', Buffer.from('N.')],
        ['a/byteorder', Buffer.from('big')],
      ]),
      'storage',
    ],
  ] as const)('%s', (_, file, code) => {
    expect(codeOf(file)).toBe(code);
  });

  test('the message names the file and what it asked for', async () => {
    const path = new URL('malicious-system.pth', folder).pathname;
    await expect(openTorch(path)).rejects.toThrow(/malicious-system\.pth: .*posix system/);
  });
});

test('a strided view is the tensor torch shows', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 5 })), { maxLength: 4 }),
      fc.nat(3),
      (axes, offset) => {
        const [shape, stride] = [axes.map(([n]) => n), axes.map(([, step]) => step)];
        const numel = 70;
        const file = tensorFile({ numel, offset, shape, stride });
        const data = file.indexOf('a/data/0') + 'a/data/0'.length;
        for (let i = 0; i < numel; i++) file.writeFloatLE(i, data + 4 * i);
        const expected = shape.reduce<number[]>(
          (from, n, axis) =>
            from.flatMap((start) => Array.from({ length: n }, (_, i) => start + i * stride[axis]!)),
          [offset],
        );
        expect([...(readTorch(file) as TorchTensor).tensor().data]).toEqual(expected);
      },
    ),
  );
});

test('any damaged byte gives a CheckpointError or a tensor, and nothing else', () => {
  const seeds = ['prompt_embeds_dict.pth', 'prompt_embeds_dict-legacy.pth', 'odd.pth'].map(fixture);
  fc.assert(
    fc.property(
      fc.nat(seeds.length - 1),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
        minLength: 1,
        maxLength: 4,
      }),
      (which, changes) => {
        const file = Uint8Array.from(seeds[which]!);
        // Half of the changes go to the first and last kilobyte, where pickle and directory are.
        for (const [where, value] of changes) {
          const edge = Math.floor(where * 2048);
          file[where < 0.5 ? edge : file.length - 2048 + edge] = value;
        }
        try {
          for (const found of tensorsOf(readTorch(file)).values()) found.tensor();
        } catch (error) {
          if (!(error instanceof CheckpointError)) throw error;
        }
      },
    ),
    { numRuns: 3000 },
  );
});
