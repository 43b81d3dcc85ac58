import { availableParallelism, freemem, loadavg } from 'node:os';
import type { Machine } from '../machine.ts';

export const machine: Machine = {
  cores: availableParallelism(),
  // Inside a container, what the container has left.
  availableBytes: () => (process as { availableMemory?(): number }).availableMemory?.() ?? freemem(),
  isBusy: () => (loadavg()[0] ?? 0) > availableParallelism(),
  nextTurn: () => new Promise((resolve) => setImmediate(resolve)),
};
