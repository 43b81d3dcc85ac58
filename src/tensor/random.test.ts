import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { TorchGenerator } from './random.ts';

const sha256 = (data: Float32Array) => createHash('sha256').update(new Uint8Array(data.buffer)).digest('hex');

// torch 2.13.0 with AVX2: hashlib.sha256(torch.randn(100_007, generator=torch.Generator().manual_seed(seed), dtype=…).float().numpy()).
test.each([
  [180, 'randn', '4f565ed41af9401791217f46455e66182f30075345e4c046b952e78775b5dfad'],
  [3, 'randn', 'd394c9e8697cf8512d2f98df5a235380d5624a0e77fbd37c392b200a6ac9878a'],
  [12345678901234, 'randn', '63a2bea66347dd4633d02bb9beacbeaa899bfdb4d47e0209d0badc325de1df2d'],
  [180, 'randn16', '31d0973de7139a80ef8219ff2555b3e32798c2ff6d35b94f41aee844468cbf15'],
  [3, 'randn16', 'c8fa8625417be70a4fcbd1eb6cb79140fb1120e3e78c77789dd1eeb998d78162'],
  [12345678901234, 'randn16', '232e6c8bb9057cbdc532eb174a72791a9bfa8617969e2ca9398eb4d84bbf32ad'],
] as const)('seed %i: 100 007 values of %s are those of torch, bit for bit', (seed, draw, hash) => {
  expect(sha256(new TorchGenerator(seed)[draw](100_007))).toBe(hash);
});

test('fewer than sixteen are drawn one by one, and the second of a pair waits', () => {
  // torch.randn(3, generator=g), torch.randn(1, generator=g) with the seed 180.
  const generator = new TorchGenerator(180);
  expect([...generator.randn(3), ...generator.randn(1)]).toEqual([
    -0.43798404932022095, 0.1215880811214447, -0.1013687252998352, -0.5086401700973511,
  ]);
});

test('only the low 32 bits of a seed count', () => {
  expect(new TorchGenerator(180n + 2n ** 32n).randn(16)).toEqual(new TorchGenerator(180).randn(16));
});

test('float64 has the values of torch to the last digits', () => {
  // torch.randn(16, dtype=torch.float64) with the seed 180, the first three.
  const values = new TorchGenerator(180).randn64(16);
  for (const [i, value] of [-0.43549390424140155, 0.4000050881174773, -1.2903974762832393].entries())
    expect(values[i]).toBeCloseTo(value, 14);
});
