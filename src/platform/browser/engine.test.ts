import { expect, test, vi } from 'vitest';
import { runtime } from './engine.ts';

test('who asks for WebGPU where there is none is told so, and gets no WebAssembly in its place', async () => {
  const posted = vi.fn();
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => null } });
  vi.stubGlobal(
    'Worker',
    class {
      postMessage = posted;
    },
  );
  const why = await new Promise((ended) => runtime.start('webgpu', 1, { heard: () => undefined, ended }));
  expect(why).toMatchObject({ code: 'device-missing', message: expect.stringContaining('no WebGPU') });
  expect(posted).not.toHaveBeenCalled();
  vi.unstubAllGlobals();
});
