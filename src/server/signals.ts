/**
 * The first SIGINT or SIGTERM begins the end and gives exit code 0; a second one ends at once, with 130.
 *
 * @returns resolves when `close` has
 */
export function closeOnSignals(close: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let closing = false;
    const onSignal = () => {
      if (closing) process.exit(130);
      closing = true;
      close().then(resolve, reject);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}
