import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the system wants files that can be made again: $CAMPANILE_CACHE, or `campanile` in the user's cache folder. */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env['CAMPANILE_CACHE']) return env['CAMPANILE_CACHE'];
  const home = homedir();
  const folders: Partial<Record<NodeJS.Platform, string>> = {
    darwin: join(home, 'Library', 'Caches'),
    win32: env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'),
  };
  return join(folders[platform] ?? (env['XDG_CACHE_HOME'] || join(home, '.cache')), 'campanile');
}
