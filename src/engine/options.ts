import { RecipeError } from '../errors.ts';
import { type Device, devices, type Precision, precisions } from '../platform/engine.ts';

/** @throws {RecipeError} when there is no such device */
export function deviceNamed(name: string): Device {
  const device = devices.find((known) => known === name);
  if (device === undefined) throw new RecipeError('device', `"${name}" is none of ${devices.join(', ')}`);
  return device;
}

/**
 * CUDA adds up products of halves in float32. ONNX Runtime's shaders for WebGPU add them up in halves: one convolution of 768
 * channels is then good to 39 dB, one of 2816 to 33.
 */
const usualPrecision: Record<Device, Precision> = {
  cpu: 'full',
  openvino: 'half',
  cuda: 'half',
  webgpu: 'full',
};

/**
 * The precision of that name; without one, what suits the device.
 *
 * @throws {RecipeError} when there is no such precision
 */
export function precisionOn(device: Device, name?: string): Precision {
  const precision = name === undefined ? usualPrecision[device] : precisions.find((known) => known === name);
  if (precision === undefined)
    throw new RecipeError('precision', `"${name}" is none of ${precisions.join(', ')}`);
  return precision;
}

/** Whether the device has a memory of its own. */
export const isCard = (device: Device): boolean => device === 'cuda' || device === 'webgpu';
