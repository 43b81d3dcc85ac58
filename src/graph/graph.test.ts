import { expect, test } from 'vitest';
import { Graph, type StoredTensor } from './builder.ts';
import { broadcast, product, scaled, total } from './dims.ts';
import { add, cast, concat, conv, expandRows, split } from './ops.ts';
import { ProtoWriter } from './protobuf.ts';

test('protocol buffers: the bytes of the specification', () => {
  expect([...new ProtoWriter().int(1, 150).finish()]).toEqual([0x08, 0x96, 0x01]);
  expect([...new ProtoWriter().text(2, 'testing').finish()]).toEqual([0x12, 7, ...Buffer.from('testing')]);
  expect([...new ProtoWriter().message(3, (inner) => inner.int(1, 150)).finish()]).toEqual([
    0x1a, 3, 0x08, 0x96, 0x01,
  ]);
  expect([...new ProtoWriter().int(1, -2).finish()]).toEqual([0x08, 0xfe, ...Array(8).fill(0xff), 0x01]);
  expect([...new ProtoWriter().int(1, 2 ** 40).finish()]).toEqual([0x08, ...Array(5).fill(0x80), 0x20]);
  expect([...new ProtoWriter().float(1, 1).finish()]).toEqual([0x0d, 0, 0, 0x80, 0x3f]);
  expect(new ProtoWriter().bytes(1, new Uint8Array(100_000)).finish()).toHaveLength(100_004);
});

test('sizes known only later are reckoned with by name', () => {
  expect(scaled(scaled('height', 1 / 2), 1 / 2)).toBe('height/4');
  expect(scaled(scaled('height', 1 / 2), 2)).toBe('height');
  expect(scaled(12, 1 / 2)).toBe(6);
  expect(product(3, 'height', 2)).toBe('height*6');
  expect(total('tokens', 4)).toBe('tokens+4');
  expect(broadcast(['rows', 1, 5], [7, 1])).toEqual(['rows', 7, 5]);
});

test('operators know the shape of what they give', () => {
  const graph = new Graph(new Map());
  const x = graph.input('x', ['rows', 6, 'height', 'width']);
  expect(split(x, 3, 1).map((part) => part.shape)).toEqual(Array(3).fill(['rows', 2, 'height', 'width']));
  expect(concat([x, x], 1).shape).toEqual(['rows', 12, 'height', 'width']);
  expect(expandRows(graph.input('t', ['texts', 4]), x).shape).toEqual(['rows', 4]);
});

test('a constant is written once, however often it is used', () => {
  const graph = new Graph(new Map());
  const x = graph.input('x', [2]);
  graph.output('y', add(add(x, 0.1234), 0.1234));
  const once = new Graph(new Map());
  once.output('y', add(once.input('x', [2]), 0.1234));
  const values = (bytes: Uint8Array) =>
    Buffer.from(bytes)
      .toString('latin1')
      .split(Buffer.from(Float32Array.of(0.1234).buffer).toString('latin1')).length - 1;
  expect([values(graph.encode()), values(once.encode())]).toEqual([1, 1]);
});

test('a weight in the type it is needed in is used as it lies in the file', () => {
  const stored = (shape: number[]): StoredTensor => ({
    type: 'float16',
    shape,
    bytes: { location: 'weights', offset: 0, length: 32 },
  });
  const graph = new Graph(
    new Map([
      ['conv.weight', stored([4, 4, 1, 1])],
      ['conv.bias', stored([4])],
    ]),
  );
  const x = graph.input('x', ['rows', 4, 'height', 'width']);
  const half = conv(cast(x, 'float16'), 'conv');
  const full = conv(x, 'conv');
  expect([half.type, full.type]).toEqual(['float16', 'float32']);
  graph.output('y', add(cast(half, 'float32'), full));
  const text = Buffer.from(graph.encode()).toString('latin1');
  expect(text).not.toContain('as float16');
  expect(new Set(text.match(/conv\.\w+ \[[\d, ]+\] as float32/g))).toEqual(
    new Set(['conv.weight [4, 4, 1, 1] as float32', 'conv.bias [4] as float32']),
  );
});

test('a convolution too large to be widened at once is taken in blocks of its outputs, each its own part of the file', () => {
  const bytes = { location: 'weights', offset: 1000, length: 2 * 6 * 4 * 9 };
  const weights = new Map<string, StoredTensor>([
    ['conv.weight', { type: 'float16', shape: [6, 4, 3, 3], bytes }],
    ['conv.bias', { type: 'float16', shape: [6], bytes: { location: 'weights', offset: 0, length: 12 } }],
  ]);
  const graph = new Graph(weights, 4 * 2 * 4 * 9);
  expect(graph.blocksOf('conv.weight', 'float32')).toEqual([
    [0, 2],
    [2, 4],
    [4, 6],
  ]);
  expect(graph.blocksOf('conv.weight', 'float16')).toEqual([[0, 6]]);
  expect(new Graph(weights).blocksOf('conv.weight', 'float32')).toEqual([[0, 6]]);
  const y = conv(graph.input('x', ['rows', 4, 'height', 'width']), 'conv');
  expect(y.shape).toEqual(['rows', 6, 'height', 'width']);
  graph.output('y', y);
  const text = Buffer.from(graph.encode()).toString('latin1');
  for (const offset of [1000, 1144, 1288, 0, 4, 8])
    expect(text).toContain(`offset\x12${String.fromCharCode(String(offset).length)}${offset}`);
});

test('a weight that the checkpoint does not have is named', () => {
  const graph = new Graph(new Map());
  expect(() => conv(graph.input('x', ['rows', 3, 'height', 'width']), 'conv_in')).toThrow('"conv_in.weight"');
});
