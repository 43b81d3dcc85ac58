import { expect, test } from 'vitest';
import { noiseStream } from '../src/diffusion/noise.ts';
import { weightedSum } from '../src/tensor/tensor.ts';
import { addedBy, type Taken } from './taken.ts';

test('what a prompt adds at the last step is little, and is seen all the same', () => {
  const noise = noiseStream(3, [1, 3, 64, 64]);
  const [x, without, other] = [noise('x', 0), noise('without', 0), noise('with', 0)];
  const look = (prompt: string, estimate: typeof x) => ({ prompt, x, t: 0, noise: estimate });
  const pull = {
    with: look('a dog', weightedSum([0.99, without], [0.01, other])),
    without: look('', without),
  };
  const { picture, times } = addedBy(pull, { alphaBar: 0.9999 } as Taken);
  const deviation =
    picture.data.reduce((sum, value) => sum + Math.abs(value - 127.5), 0) / picture.data.length;
  expect(times).toBeGreaterThan(64);
  expect(deviation).toBeGreaterThan(10);
});
