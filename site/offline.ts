/**
 * Keeps the code of the site for when there is no network: workbox does it, in `sw.js`. A new version waits until the last page
 * of the old one is closed, so that no open page loses what it has yet to load.
 *
 * @param site  where the site lies, relative to the page: './'
 */
export function keepForOffline(site: string): void {
  const worker = globalThis.navigator.serviceWorker;
  // Not over plain http, nor in some private windows: the site works all the same.
  if (!worker) return;
  const register = () => void worker.register(`${site}sw.js`, { scope: site }).catch(() => undefined);
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}
