import type { Machine } from '../machine.ts';

/** What a page may take of a computer or phone that does not say how much memory it has. */
const USUAL_GIGABYTES = 4;

const { hardwareConcurrency, deviceMemory = USUAL_GIGABYTES } = globalThis.navigator as Navigator & {
  /** Chromium only; in GB, rounded and cut. */
  deviceMemory?: number;
};

export const machine: Machine = {
  // Memory that threads share is given to isolated pages only, and spinning threads must leave the page its own.
  cores: globalThis.crossOriginIsolated ? Math.max(1, Math.floor(hardwareConcurrency / 2)) : 1,
  availableBytes: () => (deviceMemory * 2 ** 30) / 2,
  isBusy: () => false,
  nextTurn: () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    }),
};
