import { tmpdir } from 'node:os';
import { afterAll, expect, test } from 'vitest';
import { Graph } from '../graph/builder.ts';
import { add, matmul, multiHeadAttention, plainAttention } from '../graph/ops.ts';
import { relativeError } from '../tensor/difference.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { openEngine } from './session.ts';

const engine = openEngine({ threads: 1 });
afterAll(() => engine.close());

/** y = a·b + 1 for a [rows, 2], b [2, 2]. */
function product(): Uint8Array {
  const graph = new Graph(new Map());
  graph.output('y', add(matmul(graph.input('a', ['rows', 2]), graph.input('b', [2, 2])), 1));
  return graph.encode();
}
const b = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] };

test('a graph written here runs, with a number of rows that it learns when it runs', async () => {
  await using session = await engine.open(product(), { folder: tmpdir() });
  const one = await session.run({ a: { data: Float32Array.of(1, 1), shape: [1, 2] }, b });
  expect(one['y']).toEqual({ data: Float32Array.of(5, 7), shape: [1, 2] });
  const two = await session.run({ a: { data: Float32Array.of(1, 0, 0, 1), shape: [2, 2] }, b });
  expect(two['y']).toEqual({ data: Float32Array.of(2, 3, 4, 5), shape: [2, 2] });
});

test('attention by products of matrices is the fused operator, with and without a bias', async () => {
  const graph = new Graph(new Map());
  const [rows, channels] = [2, 8];
  const port = (name: string, length: string) => graph.input(name, [rows, length, channels]);
  const [q, k, v] = [port('q', 'n'), port('k', 'm'), port('v', 'm')];
  const bias = graph.input('bias', [rows, 1, 1, 'm']);
  for (const [name, attend] of Object.entries({ fused: multiHeadAttention, plain: plainAttention })) {
    graph.output(name, attend(q, k, v, 2));
    graph.output(`${name} with bias`, attend(q, k, v, 2, bias));
  }
  const session = await engine.open(graph.encode(), { folder: tmpdir() });
  const waves = (step: number, ...shape: number[]) => ({
    data: new Float32Array(sizeOf(shape)).map((_, i) => 3 * Math.sin(i * step)),
    shape,
  });
  const out = await session.run({
    q: waves(1.7, rows, 5, channels),
    k: waves(2.3, rows, 7, channels),
    v: waves(0.9, rows, 7, channels),
    bias: waves(1.1, rows, 1, 1, 7),
  });
  expect(relativeError(out['plain']!, out['fused']!)).toBeLessThan(1e-6);
  expect(relativeError(out['plain with bias']!, out['fused with bias']!)).toBeLessThan(1e-6);
  expect(relativeError(out['plain']!, out['plain with bias']!)).toBeGreaterThan(0.1);
});

test('kept results can be fed again', async () => {
  const session = await engine.open(product(), { folder: tmpdir() });
  const { y } = await session.keep({ a: b, b });
  expect(y!.shape).toEqual([2, 2]);
  const again = await session.run({ a: y!, b });
  expect([...again['y']!.data]).toEqual([
    8 + 11 * 3 + 1,
    8 * 2 + 11 * 4 + 1,
    16 + 23 * 3 + 1,
    16 * 2 + 23 * 4 + 1,
  ]);
});

test('a wrong feed is an error with a hint, and the engine goes on', async () => {
  const session = await engine.open(product(), { folder: tmpdir() });
  await expect(session.run({ a: { data: new Float32Array(3), shape: [1, 3] }, b })).rejects.toMatchObject({
    code: 'engine',
  });
  await expect(session.run({ a: b, b })).resolves.toBeDefined();
});

test('closing the engine fails what is waiting instead of leaving it', async () => {
  const other = openEngine({ threads: 1 });
  const session = await other.open(product(), { folder: tmpdir() });
  const running = session.run({ a: b, b });
  await other.close();
  await Promise.allSettled([running]);
  await expect(session.run({ a: b, b })).rejects.toMatchObject({ code: 'engine-closed' });
});

test('an engine that was never asked is closed like any other', async () => {
  const idle = openEngine({ threads: 1 });
  await idle.close();
  await idle.close();
  await expect(idle.open(product(), { folder: tmpdir() })).rejects.toMatchObject({ code: 'engine-closed' });
});
