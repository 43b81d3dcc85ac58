import { tmpdir } from 'node:os';
import { afterAll, expect, test } from 'vitest';
import { Graph } from '../graph/builder.ts';
import { add, matmul } from '../graph/ops.ts';
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
  const session = await engine.open(product(), { folder: tmpdir() });
  const one = await session.run({ a: { data: Float32Array.of(1, 1), shape: [1, 2] }, b });
  expect(one['y']).toEqual({ data: Float32Array.of(5, 7), shape: [1, 2] });
  const two = await session.run({ a: { data: Float32Array.of(1, 0, 0, 1), shape: [2, 2] }, b });
  expect(two['y']).toEqual({ data: Float32Array.of(2, 3, 4, 5), shape: [2, 2] });
  await session.close();
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
