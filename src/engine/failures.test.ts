import { expect, test } from 'vitest';
import type { Device } from '../platform/engine.ts';
import { engineError } from './failures.ts';

// The words of onnxruntime-node 1.30, as it said them on machines without the thing in question.
test.each<[device: Device, said: string, code: string, todo: string]>([
  [
    'cuda',
    'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
    'device-missing',
    'onnxruntime-node-install=cuda12',
  ],
  [
    'webgpu',
    '/onnxruntime_src/x.cc:136 f()::<lambda()> adapter_result.status == Success was false. Failed to get a WebGPU adapter: No supported adapters\n',
    'device-missing',
    'Vulkan',
  ],
  [
    'webgpu',
    "Non-zero status code returned while running Cast node. Name:'Cast.37.0' Status Message: shader_helper.cc:416 GenerateSourceCode Program Cast requires f16 but the device does not support it.",
    'device-no-half',
    '--precision full',
  ],
  [
    'cuda',
    'Failed to allocate memory for requested buffer of size 9437184',
    'out-of-memory',
    '--precision half',
  ],
  ['openvino', 'the npm package koffi is not installed', 'device-missing', 'npm install koffi'],
  ['openvino', 'OpenVINO is not installed', 'device-missing', 'pip install openvino'],
  ['cpu', 'std::bad_alloc', 'out-of-memory', 'memory "low"'],
  ['cpu', 'Got invalid dimensions for input: a', 'engine', 'model check'],
])('%s: %s', (device, said, code, todo) => {
  const error = engineError(said, device);
  expect(error).toMatchObject({ code, hint: expect.stringContaining(todo) });
  expect(error.message).not.toContain('onnxruntime_src');
  if (device !== 'cpu') expect(error.hint).toContain('--device cpu');
});
